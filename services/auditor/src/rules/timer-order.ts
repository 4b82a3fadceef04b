import { type Cause, type ClockEvent, timelineKind, topics } from "@crossline/contracts";
import type { AuditedCase } from "./audited-case.ts";
import { type Counts, blur } from "./case-state.ts";
import type { LineOf } from "./apply-event.ts";
import { ordersOf } from "./orders.ts";
import { type Runs, restOf, nounsOf, totalOf } from "./runs.ts";
import { applyNext, nextOf } from "./tail.ts";

/**
 * The result after the auditor has applied the order in a clock event:
 *
 * - `known` means that the ordered state is equal to the timer's state.
 * - `passed` means that the ordered state includes later records, because they had to leave the tail.
 * - `unknown` means that the auditor could not use the order.
 * - `impossible` means that the timer cannot have applied the records in this order.
 */
export type OrderVerdict = "known" | "passed" | "unknown" | "impossible";

/**
 * Applies the records that the timer had applied at this clock event, in the timer's order. Uses the read order if the timer's order
 * is unknown or impossible.
 */
export function applyTimerOrder(audited: AuditedCase, clockEvent: ClockEvent, lineOf: LineOf): OrderVerdict {
  const verdict = applyOrder(audited, clockEvent, lineOf);
  if (verdict === "unknown" || verdict === "impossible") applyInReadOrder(audited, clockEvent, lineOf);
  audited.told = countsOf(clockEvent);
  delete audited.isFactMissing;
  return verdict;
}

function applyOrder(audited: AuditedCase, clockEvent: ClockEvent, lineOf: LineOf): OrderVerdict {
  const { order } = clockEvent.data;
  const read = countsOf(clockEvent);
  const isHere = read.case <= audited.read.case && read.handoff <= audited.read.handoff;
  if (order === undefined || order === "cut" || audited.isTorn === true || !isHere) return "unknown";
  const missing = countUnreported(audited, order, read);
  if (missing.case !== 0 || missing.handoff !== 0) {
    const isBefore = audited.isFactMissing === true && missing.case >= 0 && missing.handoff >= 0;
    return isBefore ? applyAfterMissing(audited, missing, order, lineOf) : "impossible";
  }
  const rest = restOf(order, audited.ahead);
  if (rest !== undefined) {
    audited.ahead = [];
    delete audited.isGuess;
    return applyRuns(audited, rest, lineOf) ? "known" : "impossible";
  }
  const ahead = restOf(audited.ahead, order);
  if (ahead === undefined) return audited.isGuess === true ? "unknown" : "impossible";
  audited.ahead = ahead;
  return "passed";
}

/** Returns whether the order of a clock event starts with the first record after the last clock event. */
export function continuesOrder(audited: AuditedCase, clockEvent: ClockEvent): boolean {
  const { order } = clockEvent.data;
  if (order === undefined || order === "cut") return false;
  const missing = countUnreported(audited, order, countsOf(clockEvent));
  return missing.case === 0 && missing.handoff === 0;
}

/** Returns the number of records that the timer has applied, but that neither this clock event nor an earlier clock event reports. */
function countUnreported({ told }: AuditedCase, order: Runs, read: Counts): Counts {
  const total = totalOf(order);
  return {
    case: read.case - told.case - total.case,
    handoff: read.handoff - told.handoff - total.handoff,
  };
}

function applyRuns(audited: AuditedCase, runs: Runs, lineOf: LineOf): boolean {
  for (const noun of nounsOf(runs)) {
    if (nextOf(audited.tail, noun, audited.ordered.applied) === undefined) return false;
    applyNext(audited, noun, lineOf);
  }
  return true;
}

/**
 * Applies the order in a clock event after earlier clock events were lost. The timer applied further records between the lost
 * clock events. If these records have only one possible order, the auditor applies them first. On the wall timeline the result
 * is `unknown`, because the timer can have fired a clock between any two of these records.
 */
function applyAfterMissing(audited: AuditedCase, missing: Counts, order: Runs, lineOf: LineOf): OrderVerdict {
  const ahead = totalOf(audited.ahead);
  const unreported = { case: missing.case - ahead.case, handoff: missing.handoff - ahead.handoff };
  if (audited.isGuess === true || unreported.case < 0 || unreported.handoff < 0) return "unknown";
  const records = (["case", "handoff"] as const).flatMap((noun) =>
    audited.tail.filter((record) => record.noun === noun).slice(0, unreported[noun]),
  );
  const orders = ordersOf(records, audited.ordered.applied, 1);
  const isKnown = records.length === 0 || (orders?.length === 1 && timelineKind(audited.timeline) !== "wall");
  if (!isKnown) return "unknown";
  for (const { noun } of orders?.[0] ?? []) applyNext(audited, noun, lineOf);
  audited.ahead = [];
  return applyRuns(audited, order, lineOf) ? "known" : "impossible";
}

/**
 * Applies the records that the timer had applied, but in the read order. The auditor does not compare the firings of an open
 * clock until the clock restarts.
 */
function applyInReadOrder(audited: AuditedCase, clockEvent: ClockEvent, lineOf: LineOf): void {
  const read = countsOf(clockEvent);
  let until = clockEvent.time;
  let canHaveJoined = audited.ordered.membership !== undefined;
  for (const { noun, sequence, time, type } of audited.tail) {
    if (sequence > read[noun]) continue;
    until = Math.max(until, time);
    canHaveJoined ||= type === "incident.joined";
    applyNext(audited, noun, lineOf);
  }
  blur(audited.ordered, until, canHaveJoined);
  audited.ahead = [];
  delete audited.isGuess;
  delete audited.isTorn;
  const { applied } = audited.ordered;
  if (applied.case !== read.case || applied.handoff !== read.handoff) audited.isTorn = true;
}

function countsOf({ after = [] }: ClockEvent): Counts {
  const of = (topic: string): number => after.find((cause: Cause) => cause.topic === topic)?.sequence ?? 0;
  return { case: of(topics.case), handoff: of(topics.handoff) };
}
