import { type Cause, type ClockEvent, timelineKind, topics } from "@crossline/contracts";
import type { AuditedCase } from "./audited-case.ts";
import { type Counts, blur } from "./case-state.ts";
import type { LineOf } from "./follow.ts";
import { ordersOf } from "./orders.ts";
import { type Runs, behind, nounsOf, totalOf } from "./runs.ts";
import { applyNext, nextOf } from "./tail.ts";

/**
 * What a clock fact tells of the order. `known`: the case stands as the timer had it. `passed`: it stands further on, since records
 * had to be applied before the fact was read. `unknown`: the fact does not tell. `impossible`: it cannot have been so.
 */
export type Arrival = "known" | "passed" | "unknown" | "impossible";

/** Applies what the timer had applied when it told this fact, in the order in which it did. */
export function arrive(on: AuditedCase, fact: ClockEvent, lineOf: LineOf): Arrival {
  const arrival = applyOrder(on, fact, lineOf);
  if (arrival === "unknown" || arrival === "impossible") applyBlindly(on, fact, lineOf);
  on.told = readBy(fact);
  delete on.isFactMissing;
  return arrival;
}

function applyOrder(on: AuditedCase, fact: ClockEvent, lineOf: LineOf): Arrival {
  const { order } = fact.data;
  const read = readBy(fact);
  const isHere = read.case <= on.read.case && read.handoff <= on.read.handoff;
  if (order === undefined || order === "cut" || on.isTorn === true || !isHere) return "unknown";
  const missing = notTold(on, order, read);
  if (missing.case !== 0 || missing.handoff !== 0) {
    const isBefore = on.isFactMissing === true && missing.case >= 0 && missing.handoff >= 0;
    return isBefore ? applyAfterMissing(on, missing, order, lineOf) : "impossible";
  }
  const rest = behind(order, on.ahead);
  if (rest !== undefined) {
    on.ahead = [];
    delete on.isGuess;
    return applyRuns(on, rest, lineOf) ? "known" : "impossible";
  }
  const ahead = behind(on.ahead, order);
  if (ahead === undefined) return on.isGuess === true ? "unknown" : "impossible";
  on.ahead = ahead;
  return "passed";
}

/** Whether a fact tells of just what the timer had applied since the last one. */
export function isInLine(on: AuditedCase, fact: ClockEvent): boolean {
  const { order } = fact.data;
  if (order === undefined || order === "cut") return false;
  const missing = notTold(on, order, readBy(fact));
  return missing.case === 0 && missing.handoff === 0;
}

/** How many records the timer had applied of which neither this fact nor one before it tells. */
function notTold({ told }: AuditedCase, order: Runs, read: Counts): Counts {
  const total = totalOf(order);
  return {
    case: read.case - told.case - total.case,
    handoff: read.handoff - told.handoff - total.handoff,
  };
}

function applyRuns(on: AuditedCase, runs: Runs, lineOf: LineOf): boolean {
  for (const noun of nounsOf(runs)) {
    if (nextOf(on.tail, noun, on.ordered.applied) === undefined) return false;
    applyNext(on, noun, lineOf);
  }
  return true;
}

/**
 * Clock facts are missing. What they told of the order can be made good where there was only one; on the wall, though, nobody
 * knows between which of these records the timer fired.
 */
function applyAfterMissing(on: AuditedCase, missing: Counts, order: Runs, lineOf: LineOf): Arrival {
  const ahead = totalOf(on.ahead);
  const untold = { case: missing.case - ahead.case, handoff: missing.handoff - ahead.handoff };
  if (on.isGuess === true || untold.case < 0 || untold.handoff < 0) return "unknown";
  const records = (["case", "handoff"] as const).flatMap((noun) =>
    on.tail.filter((record) => record.noun === noun).slice(0, untold[noun]),
  );
  const orders = ordersOf(records, on.ordered.applied, 1);
  const isKnown = records.length === 0 || (orders?.length === 1 && timelineKind(on.timeline) !== "wall");
  if (!isKnown) return "unknown";
  for (const { noun } of orders?.[0] ?? []) applyNext(on, noun, lineOf);
  on.ahead = [];
  return applyRuns(on, order, lineOf) ? "known" : "impossible";
}

/** Applies what the timer had applied as it was read here: from then on the auditor compares no running clock until it restarts. */
function applyBlindly(on: AuditedCase, fact: ClockEvent, lineOf: LineOf): void {
  const read = readBy(fact);
  let until = fact.time;
  for (const { noun, sequence, time } of on.tail) {
    if (sequence > read[noun]) continue;
    until = Math.max(until, time);
    applyNext(on, noun, lineOf);
  }
  blur(on.ordered, until);
  on.ahead = [];
  delete on.isGuess;
  delete on.isTorn;
  const { applied } = on.ordered;
  if (applied.case !== read.case || applied.handoff !== read.handoff) on.isTorn = true;
}

function readBy({ after = [] }: ClockEvent): Counts {
  const of = (topic: string): number => after.find((cause: Cause) => cause.topic === topic)?.sequence ?? 0;
  return { case: of(topics.case), handoff: of(topics.handoff) };
}
