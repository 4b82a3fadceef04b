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

/** The default fields of an opening. A test can replace each field. */
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
 * Runs the rules of intake, timer and routing on one case without the services. Each rule gets the events of the other rules at once.
 * Time advances from one due instant to the next, as on a stepped timeline.
 */
export class WholeCase {
  intake: CaseState;
  #clocks: CaseClocks | undefined;
  #crossing: CaseCrossing | undefined;
  now: Instant;
  line: Line;
  #next: Line | undefined;
  /** All published messages, in order. */
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

  /** Returns a copy of the case. Commands on the copy do not change the original. */
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

  /** The input of routing's decisions. */
  get deps(): CrossingDeps {
    return { ...this.#deps, line: this.line };
  }

  /** The timer's state of the case. */
  get clocks(): CaseClocks {
    if (this.#clocks === undefined) throw new Error("the case has no clocks");
    return this.#clocks;
  }

  /** Routing's state of the case. */
  get crossing(): CaseCrossing {
    if (this.#crossing === undefined) throw new Error("routing does not have the case");
    return this.#crossing;
  }

  /** Executes a command on the case now, and returns the refusal. */
  command(command: CaseCommand, actor: Actor): Refusal | undefined {
    const outcome = commandCase(this.intake, command, actor, this.now);
    if (isRefused(outcome)) return outcome.refused;
    this.intake = outcome.state;
    this.#spread(outcome.messages);
    return undefined;
  }

  /**
   * Merges a second case into this one. The second case is one hour old, and has the severity of this case, a promise and two
   * deadlines.
   */
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
    if (isRefused(promised)) throw new Error("the new case refused a promise");
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

  /** Moves the case to another line. */
  move(to: Line, actor: Actor): Refusal | undefined {
    this.#next = to;
    const refused = this.command({ type: "move", to, reason: "of the test" }, actor);
    if (refused === undefined) this.line = to;
    this.#next = undefined;
    return refused;
  }

  /** Executes a command of a vendor's desk now, and returns the refusal. */
  desk(handoffId: string, command: HandoffCommand, actor: Actor): Refusal | undefined {
    return this.route((crossing) => commandHandoff(crossing, { handoffId, command, actor }, this.deps, this.now));
  }

  /** Saves a decision of routing now, and returns the refusal. */
  route(decideOn: (crossing: CaseCrossing) => ReturnType<typeof commandHandoff>): Refusal | undefined {
    const outcome = decideOn(this.crossing);
    if (isRefused(outcome)) return outcome.refused;
    this.#crossing = outcome.state;
    this.#spread(outcome.messages);
    return undefined;
  }

  /** Advances the time to an instant, and fires all thresholds that are due by then. */
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

  /** The published clock events. */
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
