import type { DurationMs, Instant } from "@crossline/contracts";
import { type Calendar, addOpen, openBetween } from "../calendar/calendar.ts";
import type { Clock } from "./clock.ts";

/**
 * Returns the deadline of the clock's next threshold. The result is undefined after the breach, and while the counted time
 * cannot reach the threshold, for example during a pause.
 */
export function dueAt(clock: Clock, calendar: Calendar): Instant | undefined {
  const percent = clock.thresholds[clock.fired.length];
  return percent === undefined ? undefined : thresholdDue(clock, calendar, percent);
}

/**
 * Returns the deadline of a threshold under the assumption that the clock continues as now. The function also accepts a
 * threshold that has fired.
 */
export function thresholdDue(clock: Clock, calendar: Calendar, percent: number): Instant | undefined {
  const due = instantOfCounted(clock, calendar, Math.ceil((clock.targetMs * percent) / 100));
  return due === undefined || clock.notBefore === undefined ? due : Math.max(due, clock.notBefore);
}

/** Returns the instant at which the counted time reaches `wanted` milliseconds if the clock continues as now. */
function instantOfCounted(clock: Clock, calendar: Calendar, wanted: DurationMs): Instant | undefined {
  let missing = wanted;
  for (const { from, to } of clock.counted) {
    const open = to === undefined ? Infinity : openBetween(calendar, from, to);
    if (missing <= open) return addOpen(calendar, from, missing);
    missing -= open;
  }
  return undefined;
}

/** Returns the counted time of a clock at an instant. */
export function countedUntil({ counted }: Clock, calendar: Calendar, at: Instant): DurationMs {
  return counted.reduce((sum, { from, to = at }) => sum + openBetween(calendar, from, Math.min(to, at)), 0);
}

/** Returns true if the breach of the clock has fired. */
export function isBreached(clock: Pick<Clock, "fired" | "thresholds">): boolean {
  return clock.fired.length === clock.thresholds.length;
}

/** Returns the deadline of the clock's breach; minus infinity if the clock has not breached. */
export function breachDue(clock: Clock): Instant {
  return isBreached(clock) ? (clock.fired.at(-1)?.dueAt ?? -Infinity) : -Infinity;
}

/**
 * Starts or continues counting at `at`: without a limit, or up to a horizon that later heartbeats move. If the timer
 * reads the event late, counted time stays. Time before the start of the clock never counts.
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

/**
 * Stops counting at `at`. An interval that a later event has closed does not change, because an event that the timer reads late
 * must not remove counted time.
 */
export function stopCounting(clock: Clock, at: Instant): Clock {
  return clock.counted.at(-1)?.to === undefined ? cutCounting(clock, at) : clock;
}

/** Stops counting at `at`, even if the horizon is later. */
export function cutCounting(clock: Clock, at: Instant): Clock {
  const last = clock.counted.at(-1);
  if (last === undefined || (last.to !== undefined && last.to <= at)) return clock;
  return { ...clock, counted: [...clock.counted.slice(0, -1), { from: last.from, to: Math.max(last.from, at) }] };
}
