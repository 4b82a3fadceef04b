import { type DurationMs, type Instant, formatInstant } from "@crossline/contracts";
import { calendarOf } from "../line/clock-rules.ts";
import type { Line } from "../line/line.ts";
import type { CaseClocks, Clock, Handling } from "./clock.ts";
import { breachDue, dueAt, isBreached, thresholdDue } from "./counting.ts";

/** A clock and the deadline of its next threshold. */
export type DueThreshold = { readonly at: Instant; readonly clock: Clock };

/** An item that becomes due without an event: a threshold of a clock, or the silence of a live handling. */
type DueItem = DueThreshold | { readonly at: Instant; readonly handling: Handling };

/**
 * Returns the next item that becomes due without an event; undefined if there is no such item. At the same instant, thresholds
 * come before silences.
 */
export function nextDue(state: CaseClocks, line: Line): DueItem | undefined {
  let next: DueItem | undefined;
  for (const clock of state.clocks) {
    const at = dueAt(clock, calendarOf(line, clock));
    if (at !== undefined && (next === undefined || at < next.at)) next = { at, clock };
  }
  for (const handling of state.handlings) {
    if (handling.silent !== true && (next === undefined || handling.liveUntil < next.at))
      next = { at: handling.liveUntil, handling };
  }
  return next;
}

/**
 * Returns the next breach of a case and its deadline; undefined if no clock will breach. If several breaches have the same
 * deadline, returns the breach of the clock that is first in the state.
 */
export function nextBreach(state: CaseClocks, line: Line): { readonly at: Instant; readonly clock: Clock } | undefined {
  let next: { readonly at: Instant; readonly clock: Clock } | undefined;
  for (const clock of state.clocks) {
    const breach = clock.thresholds.at(-1);
    if (breach === undefined || isBreached(clock)) continue;
    const at = thresholdDue(clock, calendarOf(line, clock), breach);
    if (at !== undefined && (next === undefined || at < next.at)) next = { at, clock };
  }
  return next;
}

/**
 * Returns the oldest breach that no act has met since, and its deadline; undefined without such a breach. The clock of the last resort is left
 * out, because its breach only rings again.
 */
export function oldestBreach(state: CaseClocks): { readonly at: Instant; readonly clock: Clock } | undefined {
  let oldest: { readonly at: Instant; readonly clock: Clock } | undefined;
  for (const clock of state.clocks) {
    if (!isBreached(clock) || clock.kind === "last-resort") continue;
    const at = breachDue(clock);
    if (oldest === undefined || at < oldest.at) oldest = { at, clock };
  }
  return oldest;
}

/**
 * The target of a clock and the deadline of its breach (ISO 8601). `dueAt` is absent if the breach has no deadline at present.
 */
export type Deadline = { readonly targetMs: DurationMs; readonly dueAt?: string };

/**
 * Returns the target and the deadline of a clock under a line. After the breach, the deadline of the breach does not change.
 */
export function deadlineOf(clock: Clock, line: Line): Deadline {
  const due = thresholdDue(clock, calendarOf(line, clock), 100);
  return { targetMs: clock.targetMs, ...(due !== undefined && { dueAt: formatInstant(due) }) };
}

/** Returns the instant at which the next threshold or silence becomes due; undefined if there is no such item. */
export function earliestDue(state: CaseClocks, line: Line): Instant | undefined {
  return nextDue(state, line)?.at;
}

/** Returns true if a clock of the case has a deadline. */
export function hasDueClock(state: CaseClocks, line: Line): boolean {
  return state.clocks.some((clock) => dueAt(clock, calendarOf(line, clock)) !== undefined);
}
