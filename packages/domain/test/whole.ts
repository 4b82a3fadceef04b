import {
  type Actor,
  type ClockEvent,
  type Instant,
  type Message,
  type Refusal,
  formatInstant,
  topics,
} from "@crossline/contracts";
import {
  type CaseClocks,
  type CaseCommand,
  type CaseCrossing,
  type CrossingDeps,
  type CaseInput,
  type CaseState,
  type ClockInput,
  type CrossingInput,
  type HandoffCommand,
  type Line,
  commandCase,
  commandHandoff,
  decide,
  decideMove,
  earliestDue,
  elapse,
  isRefused,
  caseLineRules,
  mergeCases,
  openCase,
  applyToCase,
  react,
} from "../src/index.ts";
import type { Opening } from "../src/case/open.ts";
import { caseId } from "./given.ts";
import { unstaffed } from "./unstaffed.ts";

const timeline = "stp_0000000000000000000000000a";
const otherId = "cs_00000000000000000000000002";

/** What a case is opened with where nothing else is said. */
const defaultOpening = {
  id: caseId,
  timeline,
  lineReason: "of the test",
  carrierCaseId: "NT-1",
  kind: "fault",
  severity: "major",
  title: "dead",
  channel: "phone",
  status: "acknowledged",
} as const;

type WholeOpening = Partial<Opening> & { readonly deps?: Omit<CrossingDeps, "line"> };

/**
 * The rules of all three services joined without a service: what one tells the others take at once, and time moves from due
 * instant to due instant, as on a stepped timeline. One case.
 */
export class WholeCase {
  intake: CaseState;
  #clocks: CaseClocks | undefined;
  #crossing: CaseCrossing | undefined;
  now: Instant;
  line: Line;
  #next: Line | undefined;
  /** Everything that was told, in order. */
  readonly messages: Message[] = [];
  readonly #deps: Omit<CrossingDeps, "line">;

  constructor(line: Line, { deps = unstaffed, ...opening }: WholeOpening, actor: Actor, at: Instant) {
    this.line = line;
    this.now = at;
    this.#deps = deps;
    const opened = openCase({ ...defaultOpening, line: line.ref, ...caseLineRules(line), ...opening }, actor, at);
    this.intake = opened.state;
    this.#spread(opened.messages);
  }

  /** The same case once more, to go on otherwise. */
  fork(): WholeCase {
    const other = new WholeCase(
      this.line,
      { deps: this.#deps },
      { party: this.intake.carrier, automated: false },
      this.now,
    );
    other.intake = this.intake;
    other.#clocks = this.#clocks;
    other.#crossing = this.#crossing;
    other.messages.splice(0, Infinity, ...this.messages);
    return other;
  }

  /** The case as the timer has it. */
  get clocks(): CaseClocks {
    if (this.#clocks === undefined) throw new Error("the case has no clocks");
    return this.#clocks;
  }

  /** The case as routing has it. */
  get crossing(): CaseCrossing {
    if (this.#crossing === undefined) throw new Error("routing has no such case");
    return this.#crossing;
  }

  /** What a party does with the case, now. */
  command(command: CaseCommand, actor: Actor): Refusal | undefined {
    const outcome = commandCase(this.intake, command, actor, this.now);
    if (isRefused(outcome)) return outcome.refused;
    this.intake = outcome.state;
    this.#spread(outcome.messages);
    return undefined;
  }

  /** Another case, of an hour ago and as severe, with a promise and two deadlines of its own, is merged into this one. */
  mergeIn(actor: Actor): Refusal | undefined {
    const { carrier, severity } = this.intake;
    const opened = openCase(
      { ...defaultOpening, id: otherId, line: this.line.ref, severity },
      actor,
      this.now - 3_600_000,
    );
    const promise = {
      type: "promise",
      promiseId: `pr_of ${otherId}`,
      text: "x",
      until: formatInstant(this.now + 60_000),
    };
    const promised = commandCase(opened.state, promise as CaseCommand, actor, this.now - 3_600_000);
    if (isRefused(promised)) throw new Error("a new case cannot promise");
    const due = { charged: carrier, leftMs: 600_000, dueAt: formatInstant(this.now + 600_000) };
    const merged = mergeCases(
      promised.state,
      this.intake,
      {
        actor,
        reason: "the same",
        clocks: (["stall.idle", "resolution"] as const).map((kind) => ({ clock: kind, kind, ...due })),
        contacts: { count: 1, byChannel: { phone: 1 }, lastAt: formatInstant(this.now - 3_600_000) },
        entries: [],
        observing: { source: false, target: false },
        promiseId: () => `pr_${this.intake.sequence}`,
        entryId: `en_${this.intake.sequence}`,
      },
      this.now,
    );
    if (isRefused(merged)) return merged.refused;
    this.intake = merged.target.state;
    this.#spread(merged.target.messages);
    return undefined;
  }

  /** The case goes on under another line. */
  move(to: Line, actor: Actor): Refusal | undefined {
    this.#next = to;
    const refused = this.command({ type: "move", to, reason: "of the test" }, actor);
    if (refused === undefined) this.line = to;
    this.#next = undefined;
    return refused;
  }

  /** What a vendor's desk does with a hand-off, now. */
  desk(handoffId: string, command: HandoffCommand, actor: Actor): Refusal | undefined {
    return this.route((crossing) =>
      commandHandoff(crossing, { handoffId, command, actor }, { line: this.line, ...this.#deps }, this.now),
    );
  }

  /** Any decision of routing, now. */
  route(decideOn: (crossing: CaseCrossing) => ReturnType<typeof commandHandoff>): Refusal | undefined {
    const outcome = decideOn(this.crossing);
    if (isRefused(outcome)) return outcome.refused;
    this.#crossing = outcome.state;
    this.#spread(outcome.messages);
    return undefined;
  }

  /** Time goes on to an instant, through all that comes due on the way. */
  advance(to: Instant): void {
    for (let due = earliestDue(this.clocks, this.line); due !== undefined && due < to;) {
      const { state, messages } = elapse(this.clocks, this.line, due + 1, 0);
      this.now = Math.max(this.now, due);
      this.#clocks = state;
      this.#spread(messages);
      const next = earliestDue(this.clocks, this.line);
      due = next;
    }
    this.now = Math.max(this.now, to);
  }

  /** The firings so far, by kind of event. */
  get clockEvents(): ClockEvent[] {
    return this.messages.filter(({ topic }) => topic === topics.clock) as ClockEvent[];
  }

  #spread(first: readonly Message[]): void {
    const waiting = [...first];
    for (let message = waiting.shift(); message !== undefined; message = waiting.shift()) {
      this.messages.push(message);
      if (message.topic !== topics.case && message.topic !== topics.clock && message.topic !== topics.handoff) continue;
      if (message.topic !== topics.clock) waiting.push(...this.#time(message as ClockInput));
      if (message.topic !== topics.handoff) waiting.push(...this.#routing(message as CrossingInput));
      if (message.topic !== topics.case) waiting.push(...this.#intake(message as CaseInput));
    }
  }

  #time(event: ClockInput): readonly Message[] {
    const lines = { from: this.line, to: this.#next ?? this.line };
    const { state, messages } =
      this.#clocks === undefined ? decide(undefined, event, this.line, 0) : decideMove(this.#clocks, event, lines, 0);
    this.#clocks = state;
    return messages;
  }

  #routing(event: CrossingInput): readonly Message[] {
    const { state, messages } = react(this.#crossing, event, { line: this.#next ?? this.line, ...this.#deps }, 0);
    this.#crossing = state;
    return messages;
  }

  #intake(event: CaseInput): readonly Message[] {
    const { state, messages } = applyToCase(this.intake, event, 0);
    this.intake = state;
    return messages;
  }
}
