import { type DurationMs, type Instant, formatInstant } from "@crossline/contracts";
import { calendarOf } from "../line/clock-rules.ts";
import type { Line } from "../line/line.ts";
import type { CaseClocks, Clock, Handling } from "./clock.ts";
import { dueAt, isBreached, thresholdDue } from "./counting.ts";

/** A clock's next threshold, and the instant at which it is due. */
export type DueThreshold = { readonly at: Instant; readonly clock: Clock };

/** Comes due by itself: a threshold of a clock, or the silence of a live handling. */
type DueItem = DueThreshold | { readonly at: Instant; readonly handling: Handling };

/** What comes due next by itself, or undefined where nothing does. At one instant thresholds come before silences. */
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

/** The clock of a case that breaches next by itself, and when; undefined where none does. Of one instant it is the clock that stands first. */
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

/** The target of a clock, and the instant of its breach (ISO 8601); none where no breach is in sight. */
export type Deadline = { readonly targetMs: DurationMs; readonly dueAt?: string };

/** The deadline of a clock under a line; of one that has breached, the instant of that breach. */
export function deadlineOf(clock: Clock, line: Line): Deadline {
  const due = thresholdDue(clock, calendarOf(line, clock), 100);
  return { targetMs: clock.targetMs, ...(due !== undefined && { dueAt: formatInstant(due) }) };
}

/** The instant at which something comes due next by itself; undefined where nothing does. */
export function earliestDue(state: CaseClocks, line: Line): Instant | undefined {
  return nextDue(state, line)?.at;
}

/** Whether a clock will fire by itself. */
export function hasDueClock(state: CaseClocks, line: Line): boolean {
  return state.clocks.some((clock) => dueAt(clock, calendarOf(line, clock)) !== undefined);
}
