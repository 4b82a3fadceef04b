import type { EventOf, Instant, LineRef } from "@crossline/contracts";
import { startClocks, incarnationOf, lastResort } from "./start-clocks.ts";
import { type CaseState, isBlurred, openedState } from "./case-state.ts";
import { recomputeClock, isReplaced, lineIndependentKinds } from "./recompute-clock.ts";
import { setCounting, counts, pausesIn } from "./counting.ts";
import { updateState } from "./update-state.ts";
import { storeAnswer, takeFailedAnswer } from "./failed-messages.ts";
import type { AuditedEvent } from "./audited-event.ts";
import { type CaseChange, isFinal } from "./case-change.ts";
import type { KindRules } from "./kind-rules.ts";
import { restartsAtBreach, rulesByKind } from "./kinds.ts";
import { type AuditedLine, hoursOf, obligationOf } from "./audited-line.ts";
import { carryClocks, isMerged } from "./merge.ts";
import { type AuditedClock, fillGaps, nextDue, restart, unnumberedIncarnation } from "./audited-clock.ts";

/** Returns the line that a reference names. The caller must first load the line. */
export type LineOf = (ref: LineRef) => AuditedLine;

/** Returns the state of a case after `case.opened`, with the clocks that this event starts. */
export function startCase(event: EventOf<"case.opened">, line: AuditedLine): CaseState {
  const after = openedState(event);
  startClocks({ event, before: undefined, after, line });
  return after;
}

/**
 * Applies one record of the case or hand-off topic to the state. First adds the expected firings that were due before the record.
 * Then ends, recomputes, pauses, resumes and starts clocks by the rules of their kinds.
 */
export function applyEvent(state: CaseState, event: AuditedEvent, lineOf: LineOf): void {
  const earlier = lineOf(state.line);
  addOwed(state, earlier, event.time);
  const { holder, status, severity } = state;
  const isAsked = state.handoff?.request !== undefined;
  const before = { holder, status, severity, isAsked, isMember: state.membership !== undefined };
  updateState(state, event, earlier);
  const given = { event, before, after: state, line: lineOf(state.line) };
  const change = { ...given, failed: takeFailedAnswer(given) };
  const carried = isMerged(change) ? carryClocks(change) : [];
  const ended: AuditedClock[] = [];
  state.meters = [
    ...state.meters.filter((clock) => updateClock(change, clock, earlier) || !ended.push(clock)),
    ...carried.filter(isKept(change)),
  ];
  const startedFrom = state.meters.length;
  for (const clock of change.failed?.owed ?? []) resumeOwed(change, clock);
  storeAnswer(change, ended);
  startClocks(change);
  if (state.blurred !== undefined) spreadBlur(state, event, startedFrom);
}

/** The event types that set `crossed`. After an event of one of these types, the auditor knows the value of `crossed`. */
const crossingTypes: readonly AuditedEvent["type"][] = [
  "crossing.requested",
  "case.reopened",
  "handoff.offered",
  "handoff.accepted",
  "handoff.returned",
  "handoff.resolved",
  "handoff.withdrawn",
  "handoff.taken",
  "pool.assigned",
];

/** The event types that set the membership. Every solved status and every acceptance end it. */
const membershipTypes: readonly AuditedEvent["type"][] = [
  "incident.joined",
  "incident.left",
  "case.resolved",
  "case.closed",
  "case.reopened",
  "handoff.accepted",
];

/**
 * Updates the instants until which the order of records is unknown. Marks a new clock as unsure if the order at its start is
 * unknown.
 */
function spreadBlur(state: CaseState, { type, time }: AuditedEvent, startedFrom: number): void {
  const { until, crossingUntil, membershipUntil } = state.blurred ?? { until: -Infinity };
  const spread = (last: Instant | undefined, types: readonly AuditedEvent["type"][]): Instant | undefined =>
    last === undefined || types.includes(type) ? undefined : Math.max(last, time);
  const [crossing, membership] = [spread(crossingUntil, crossingTypes), spread(membershipUntil, membershipTypes)];
  state.blurred = {
    until,
    ...(crossing !== undefined && { crossingUntil: crossing }),
    ...(membership !== undefined && { membershipUntil: membership }),
  };
  for (const clock of state.meters.slice(startedFrom))
    if (isBlurred(state, clock.kind, clock.began)) clock.unsure = true;
}

/**
 * Returns a filter for the clocks that the source case adds to this case. The filter drops a clock if the rules of its kind end the
 * clock at once. If the filter keeps a clock, it also sets whether the clock counts or is paused.
 */
function isKept(change: CaseChange) {
  return (clock: AuditedClock): boolean => {
    const [rule, obligation] = [rulesByKind[clock.kind], obligationOf(change.line, clock)];
    if (rule === "unaudited" || obligation === undefined || rule.ends(change, clock)) return false;
    setCounting(counts(change, clock, obligation, rule), clock, change.event.time, change.line);
    return true;
  };
}

/** Adds the expected firings that were due before `until`. */
export function addOwed(state: CaseState, line: AuditedLine, until: Instant): void {
  for (const clock of state.meters) {
    for (
      let due = nextDue(clock, hoursOf(line, clock));
      due !== undefined && due < until;
      due = nextDue(clock, hoursOf(line, clock))
    ) {
      addNextOwed(state, clock, due, line);
    }
  }
}

/** Adds the expected firing of a clock's next threshold, and moves the clock past this threshold. */
export function addNextOwed(state: CaseState, clock: AuditedClock, due: Instant, line: AuditedLine): void {
  state.owed.push({
    clock: clock.name,
    kind: clock.kind,
    incarnation: clock.incarnation,
    threshold: clock.thresholds[clock.next] ?? 100,
    due,
    unsure: clock.unsure === true,
  });
  passThreshold(clock, due, line, unnumberedIncarnation(due));
}

/**
 * Moves a clock past its next threshold. On a line that crosses, a breached clock of some kinds restarts at its breach, as in the
 * timer.
 */
export function passThreshold(clock: AuditedClock, due: Instant, line: AuditedLine, incarnation: string): void {
  clock.next += 1;
  if (clock.next < clock.thresholds.length || !restartsAtBreach(clock.kind) || line.observes) return;
  restart(clock, incarnation, due);
  clock.thresholds = obligationOf(line, clock)?.thresholds ?? clock.thresholds;
}

/** Updates one clock after an event. Returns false if the clock ends. `earlier` is the line of the case before the event. */
function updateClock(change: CaseChange, clock: AuditedClock, earlier: AuditedLine): boolean {
  const rule = rulesByKind[clock.kind];
  const { event, after, line } = change;
  const obligation = obligationOf(line, clock) ?? (lineIndependentKinds.includes(clock.kind) ? lastResort : undefined);
  if (rule === "unaudited" || obligation === undefined || rule.ends(change, clock)) return false;
  if (rule.pausesWhile !== undefined && isFinal(after)) return false;
  const isOver = isReplaced(change, clock, earlier);
  if (isOver && clock.kind !== "reply") return false;
  recomputeClock(change, clock, obligation, earlier);
  // The company still owes the reply, but only a contact starts a new `reply` clock. The move therefore restarts the breached
  // clock.
  if (isOver) restart(Object.assign(clock, { thresholds: obligation.thresholds }), incarnationOf(event), event.time);
  if (isResumed(change, rule)) resumeClock(change, clock, rule);
  setCounting(counts(change, clock, obligation, rule), clock, event.time, line);
  return true;
}

/** Resumes a clock that a failed message owes again, unless a clock of this name is open. */
function resumeOwed(change: CaseChange, clock: AuditedClock): void {
  const { after, line, event } = change;
  const [rule, obligation] = [rulesByKind[clock.kind], obligationOf(line, clock)];
  if (rule === "unaudited" || obligation === undefined || after.meters.some(({ name }) => name === clock.name)) return;
  resumeClock(change, clock, rule);
  setCounting(counts(change, clock, obligation, rule), clock, event.time, line);
  after.meters.push(clock);
}

/** Returns whether the status of the case no longer pauses the clock. */
function isResumed({ before, after }: CaseChange, rule: KindRules): boolean {
  return before !== undefined && pausesIn(rule, before.status) && !pausesIn(rule, after.status);
}

/**
 * Starts a new incarnation of a clock that the status no longer pauses. The counted time and the fired warnings stay. Only the
 * breach can fire again.
 */
function resumeClock({ event }: CaseChange, clock: AuditedClock, { isWindow }: KindRules): void {
  clock.incarnation = incarnationOf(event);
  clock.next = Math.min(clock.next, clock.thresholds.length - 1);
  clock.notBefore = event.time;
  clock.restedAt = Math.max(clock.restedAt, event.time);
  if (isWindow === true) fillGaps(clock);
}
