import type { DurationMs, Instant } from "@crossline/contracts";
import { type Calendar, addOpen, openBetween } from "../calendar/calendar.ts";
import type { Clock } from "./clock.ts";

/** When the clock's next threshold is due; undefined while what is counted does not reach it, or after the breach. */
export function dueAt(clock: Clock, calendar: Calendar): Instant | undefined {
  const percent = clock.thresholds[clock.fired.length];
  return percent === undefined ? undefined : thresholdDue(clock, calendar, percent);
}

/** When a threshold of a clock is due by what is counted so far, whether it has fired or not. */
export function thresholdDue(clock: Clock, calendar: Calendar, percent: number): Instant | undefined {
  const due = instantOfCounted(clock, calendar, Math.ceil((clock.targetMs * percent) / 100));
  return due === undefined || clock.notBefore === undefined ? due : Math.max(due, clock.notBefore);
}

/** When the counted time of a clock reaches `wanted` milliseconds, by what is counted so far. */
function instantOfCounted(clock: Clock, calendar: Calendar, wanted: DurationMs): Instant | undefined {
  let missing = wanted;
  for (const { from, to } of clock.counted) {
    const open = to === undefined ? Infinity : openBetween(calendar, from, to);
    if (missing <= open) return addOpen(calendar, from, missing);
    missing -= open;
  }
  return undefined;
}

/** How much a clock has counted by an instant. */
export function countedUntil({ counted }: Clock, calendar: Calendar, at: Instant): DurationMs {
  return counted.reduce((sum, { from, to = at }) => sum + openBetween(calendar, from, Math.min(to, at)), 0);
}

/** Whether the clock's last threshold, the breach, has fired. */
export function isBreached(clock: Pick<Clock, "fired" | "thresholds">): boolean {
  return clock.fired.length === clock.thresholds.length;
}

/** When the breach of a clock was due that has fired; before all time where none has. */
export function breachDue(clock: Clock): Instant {
  return isBreached(clock) ? (clock.fired.at(-1)?.dueAt ?? -Infinity) : -Infinity;
}

/**
 * Counts from `at` on, without a limit or to a horizon that later signs of life move. Never takes counted time back, and counts
 * nothing from before the clock started: an event may be read late.
 */
export function countFrom(clock: Clock, at: Instant, horizon?: Instant): Clock {
  const last = clock.counted.at(-1);
  if (last !== undefined && (last.to === undefined || at <= last.to)) {
    const to = horizon === undefined || last.to === undefined ? undefined : Math.max(last.to, horizon);
    return {
      ...clock,
      counted: [...clock.counted.slice(0, -1), to === undefined ? { from: last.from } : { from: last.from, to }],
    };
  }
  const from = Math.max(at, clock.startedAt);
  if (horizon !== undefined && horizon <= from) return clock;
  return { ...clock, counted: [...clock.counted, horizon === undefined ? { from } : { from, to: horizon }] };
}

/** Stops counting at `at`. A stretch that a later event has closed stays: an event that is read late takes no counted time back. */
export function stopCounting(clock: Clock, at: Instant): Clock {
  return clock.counted.at(-1)?.to === undefined ? cutCounting(clock, at) : clock;
}

/** Stops counting at `at`, also where a horizon lies ahead: what lay beyond is not counted. */
export function cutCounting(clock: Clock, at: Instant): Clock {
  const last = clock.counted.at(-1);
  if (last === undefined || (last.to !== undefined && last.to <= at)) return clock;
  return { ...clock, counted: [...clock.counted.slice(0, -1), { from: last.from, to: Math.max(last.from, at) }] };
}
