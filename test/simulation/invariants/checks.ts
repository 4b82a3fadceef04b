import {
  type CaseEvent,
  type ClockEvent,
  type DurationMs,
  type Instant,
  isFiring,
  parseInstant,
  topics,
} from "@crossline/contracts";
import {
  type CaseClocks,
  type CaseCrossing,
  type CaseState,
  type Clock,
  formatStart,
  hasDueClock,
  elapse,
  isEnded,
  isUnsolved,
  timesByHolder,
} from "@crossline/domain";
import { type FetchedRecord, nameOf } from "../broker.ts";
import type { CommandResult } from "../commands.ts";
import type { Command } from "../kinds.ts";
import { lineOf } from "../lines.ts";
import type { ServiceName, ServiceDeps } from "../service-deps.ts";
import type { ClockDecision, DecisionListener, FiringListener, IntakeListener, ReactionListener } from "../shells.ts";
import type { CommitListener, Tables } from "../store.ts";
import { checkClosing, raceOf } from "./closing.ts";
import { checkActOfCustomer, checkNoWithdrawal, checkPauseEnd, isActOfCustomer } from "./customer.ts";
import { checkFirings } from "./firings.ts";
import { type Act, Ledgers, isContactOfCustomer } from "./ledger.ts";
import { checkClocksOfCauses } from "./cause.ts";
import { Members } from "./incident.ts";
import { Losses } from "./losses.ts";
import { checkFailed, checkReopened } from "./owed.ts";
import { checkLetter, checkPaged, checkReply, checkAccepted } from "./reply.ts";
import { Times } from "./times.ts";
import { must } from "./violation.ts";

/** The clock kinds that only an act of a person ends. */
const personClocks: ReadonlySet<Clock["kind"]> = new Set([
  "first-response",
  "stall.busy",
  "stall.idle",
  "handling.limit",
  "vendor.acceptance",
  "last-resort",
]);

const letterKinds: ReadonlySet<Command["kind"]> = new Set(["inquiry", "still-broken", "works"]);

/**
 * The races with the automatic closing. `inquiry` and `answer` contain the firings that reached intake after an inquiry or
 * after an answer. `closed` contains the cases that closed automatically although an inquiry or answer followed the
 * resolution.
 */
export type Races = Readonly<Record<Race, Set<string>>>;
export type Race = "inquiry" | "answer" | "closed";

type ChecksDeps = Pick<ServiceDeps, "scheduler" | "broker">;

/** Checks the invariants of a single commit or decision. `at-the-end.ts` checks the invariants of a whole run. */
export class Checks {
  readonly applied = new Map<ServiceName, Set<string>>();
  readonly #deps: ChecksDeps;
  /** For each case, the largest delay of an event that the timer read after a later event. */
  readonly lateMs = new Map<string, DurationMs>();
  readonly #readUntil = new Map<string, Instant>();
  readonly #firings = new Map<string, { readonly at: Instant; readonly byScanner: boolean }>();
  readonly ledgers = new Ledgers();
  readonly losses = new Losses();
  readonly #members = new Members();
  /** The id of the last outbox row that the ledgers contain. */
  #enteredTo = -Infinity;
  readonly races: Races = { inquiry: new Set(), answer: new Set(), closed: new Set() };
  readonly #intakeTimes = new Times("intake");
  readonly #routingTimes = new Times("routing");

  constructor(deps: ChecksDeps) {
    this.#deps = deps;
  }

  onApplied(service: ServiceName, records: readonly FetchedRecord[]): void {
    const applied = this.applied.get(service) ?? new Set();
    this.applied.set(service, applied);
    for (const record of records) {
      const name = nameOf(record);
      must("2: at most once", !applied.has(name), () => `${service} applied ${record.type} (${name}) twice`);
      applied.add(name);
    }
  }

  /** Checks that every record in a gap is lost. The gap begins at `missing` and ends before `record`. */
  onGap(service: ServiceName, record: FetchedRecord, missing: number): void {
    for (let sequence = missing; sequence < record.sequence; sequence++) {
      const isLost = this.losses.has(service, { ...record, sequence });
      must("1: nothing is lost", isLost, () => `${service} has a gap before ${nameOf(record)}`);
    }
  }

  readonly onFired: FiringListener = (before, after, messages) => {
    this.#checkFirings(before, after);
    this.#remember(messages, true);
  };

  readonly onDecided: DecisionListener = (decision) => {
    const { event, after, messages } = decision;
    const { broker, scheduler } = this.#deps;
    const readTo = this.#readUntil.get(event.key) ?? -Infinity;
    if (event.time < readTo) this.lateMs.set(event.key, Math.max(readTo - event.time, this.lateMs.get(event.key) ?? 0));
    this.#readUntil.set(event.key, Math.max(readTo, event.time));
    this.#remember(messages, false);
    for (const message of messages) {
      if (message.type !== "clock.overtaken") continue;
      const since = broker.firstSentAt.get(nameOf(event)) ?? scheduler.now;
      const missed = message.data.firingIds.map((id) => this.#firings.get(id)).find((firing) => firing?.byScanner);
      must(
        "9: a replay fires the same",
        missed === undefined || since >= missed.at,
        () => `${message.data.clock} fired although the broker had ${event.type} (${nameOf(event)})`,
      );
    }
    if (event.data.actor.automated && (event.topic.includes("case") || event.type === "case.status-changed")) {
      if (isUnsolved(after.status)) this.#checkProgram(decision);
    }
    this.#checkFirings(decision.before, after);
    this.#checkObligations(decision);
    if (this.losses.isWhole("timer", event.key))
      this.#members.checkClocks(this.ledgers.at(event.key, after.read.case), decision);
    checkClocksOfCauses(decision);
  };

  #checkFirings(before: CaseClocks, after: CaseClocks): void {
    checkFirings(before, after, this.#deps.scheduler.now, this.lateMs.has(after.caseId));
  }

  /** Checks how a reopening or a customer's act changes the obligations. */
  #checkObligations(decision: ClockDecision): void {
    const { before, event, after } = decision;
    if (event.topic !== topics.case || !this.losses.isWhole("timer", event.key)) return;
    const ledger = this.ledgers.at(event.key, before.read.case);
    if (ledger === undefined) return; // The ledger is missing only if a mutant reads an event that intake has not committed.
    const next = this.ledgers.at(event.key, event.sequence);
    if (event.type === "case.reopened") checkReopened(ledger, before, event, after);
    else if (event.type === "message.failed" && next !== undefined) checkFailed(next, event, after);
    else if (isActOfCustomer(event)) checkActOfCustomer(ledger, decision);
    else if (this.#endsPause(event)) checkPauseEnd(decision);
  }

  /** Returns whether intake ended a pause because of the contact just before it. */
  #endsPause(event: ClockDecision["event"]): boolean {
    if (event.type !== "case.status-changed" || event.data.to !== "inProgress" || !event.data.actor.automated)
      return false;
    const last = this.#deps.broker.history(topics.case, event.key)[event.sequence - 2] as Act | undefined;
    return last !== undefined && isContactOfCustomer(last) && last.time === event.time;
  }

  readonly onIntakeRead: IntakeListener = (before, event) => {
    if (event.type !== "clock.breached") return;
    const ledger = this.ledgers.at(event.key, before.sequence);
    const race = ledger === undefined ? undefined : raceOf(ledger, event);
    if (race !== undefined) this.races[race].add(event.data.firingId);
  };

  /** Checks the result of a command at intake. `state` is the case before the decision. */
  onResult({ kind }: Command, result: CommandResult, state: CaseState | undefined): void {
    if (state === undefined || !letterKinds.has(kind) || !("refused" in result)) return;
    const ledger = this.ledgers.at(state.id, state.sequence);
    if (ledger !== undefined) checkAccepted(ledger, state, result.refused, this.#deps.scheduler.now);
  }

  readonly onReacted: ReactionListener = (before, event, after, messages) => {
    checkPaged(before, event, messages);
    if (this.losses.isWhole("routing", event.key))
      this.#members.checkSteps(this.ledgers.at(event.key, after.read.case), before, event, messages);
    if (isActOfCustomer(event as unknown as Act)) checkNoWithdrawal(before, event, after);
  };

  readonly onIntake: CommitListener<CaseState> = (before, after) => {
    this.#enter(after);
    const { now } = this.#deps.scheduler;
    for (const [old, { state }] of changedRows(before, after)) {
      this.#intakeTimes.check(state.id, old, state, { held: timesByHolder(state, now), openedAt: state.openedAt, now });
      checkLine(old, state);
    }
  };

  /** Adds intake's new events to the ledgers. */
  #enter({ outbox, cases }: Tables<CaseState>): void {
    for (let index = outbox.findLastIndex(({ id }) => id <= this.#enteredTo) + 1; index < outbox.length; index++) {
      const { id, message } = outbox[index]!;
      this.#enteredTo = id;
      const event = message as unknown as CaseEvent;
      const { before } = this.ledgers.add(event);
      const row = cases.get(event.key);
      if (before === undefined || row === undefined) continue;
      if (checkClosing(before, event, row.state) && before.lastContact > before.resolvedBy)
        this.races.closed.add(event.key);
      checkLetter(before, event, row.state);
    }
  }

  readonly onRouting: CommitListener<CaseCrossing> = (before, after) => {
    const { now } = this.#deps.scheduler;
    for (const [old, { state }] of changedRows(before, after)) {
      const { openedAt } = state.material;
      this.#routingTimes.check(state.caseId, old, state, { held: timesByHolder(state, now), openedAt, now });
      checkLine(old, state);
    }
  };

  readonly onTimer: CommitListener<CaseClocks> = (before, after) => {
    for (const [old, { state }] of changedRows(before, after)) {
      checkLine(old, state);
      const line = lineOf(state.line);
      if (!line.observe && !isEnded(state.status)) {
        const invariant = "3: one holder, a running clock, times that add up";
        const hasClock = state.clocks.length > 0 || this.#isClosing(state);
        must(invariant, hasClock, () => `${state.caseId} is ${state.status} and has no clock`);
        // If the only clock of a pending or resolved case or of a member has breached, the next event of intake changes the case.
        const isPassed = state.status === "pending" || state.member !== undefined;
        const mayHaveNoClock = isPassed || state.status === "resolved";
        const fires = hasDueClock(state, line);
        must(invariant, mayHaveNoClock || fires, () => `no clock of ${state.caseId} will ever fire`);
      }
      const ledger = this.ledgers.at(state.caseId, state.read.case);
      if (ledger !== undefined && this.losses.isWhole("timer", state.caseId)) checkReply(ledger, state);
    }
  };

  /**
   * Returns whether the timer has applied the confirmation of a case, but not yet the closing. Until the closing, the
   * case may have no clock.
   */
  #isClosing({ caseId, read }: CaseClocks): boolean {
    return this.#deps.broker.history(topics.case, caseId)[read.case - 1]?.type === "case.confirmed";
  }

  #remember(messages: readonly ClockEvent[], byScanner: boolean): void {
    for (const message of messages) {
      if (!isFiring(message)) continue;
      this.#firings.set(message.data.firingId, { at: this.#deps.scheduler.now, byScanner });
      const due = parseInstant(message.data.dueAt);
      this.#readUntil.set(message.key, Math.max(due, this.#readUntil.get(message.key) ?? -Infinity));
    }
  }

  #checkProgram({ before, event, after }: ClockDecision): void {
    const { clocks } = elapse(before, lineOf(before.line), event.time, this.#deps.scheduler.now).state;
    for (const clock of clocks.filter(({ kind }) => personClocks.has(kind))) {
      if (isEndedByIncident(clock, event, after)) continue;
      const continues = after.clocks.some((one) => isSameClock(one, clock));
      must(
        "7: a program ends no clock of a person",
        continues,
        () => `${event.type} by a program ended ${clock.name} ${formatStart(clock.start)}`,
      );
    }
  }
}

/**
 * Returns whether intake ends the clock for an incident. The lead case crosses, and a member waits for the lead case instead of taking a
 * line step.
 */
function isEndedByIncident({ kind, start }: Clock, { type }: ClockDecision["event"], { member }: CaseClocks): boolean {
  if (type === "crossing.requested") return kind === "stall.busy" || kind === "handling.limit";
  if (type !== "incident.joined" || member === undefined) return false;
  return kind === "stall.busy" || kind === "stall.idle" || (kind === "vendor.acceptance" && start.by === "page");
}

function* changedRows<State>(before: Tables<State>, after: Tables<State>) {
  for (const [id, row] of after.cases) {
    const old = before.cases.get(id);
    if (old !== row) yield [old?.state, row] as const;
  }
}

function checkLine(old: Pick<CaseState, "line"> | undefined, { line }: Pick<CaseState, "line">): void {
  const isSame = old === undefined || (old.line.name === line.name && old.line.version === line.version);
  must(
    "5: a case keeps its line",
    isSame,
    () => `the line changed from ${old?.line.name}@${old?.line.version} to ${line.name}@${line.version}`,
  );
}

function isSameClock(one: Pick<Clock, "name" | "start">, other: Pick<Clock, "name" | "start">): boolean {
  return one.name === other.name && formatStart(one.start) === formatStart(other.start);
}
