import type { CalendarRef, DurationMs, Instant } from "@crossline/contracts";
import { type Span, openBefore, openUntil, spanMs } from "./span.ts";

/** The open hours of a company: a published calendar, the common hours of several calendars, or always. */
export type Calendar = {
  readonly name: string;
  readonly version: number;
  /** The published calendars of which this calendar consists; empty for 24x7. */
  readonly refs: readonly CalendarRef[];
  /**
   * Returns the open times of the span with this index. Each span has 400 days, and span 0 begins at 1970-01-01T00:00Z. Absent
   * for a calendar that never closes.
   */
  readonly span?: (index: number) => Span;
};

/** The calendar that is always open, in every zone. */
export const allHours: Calendar = { name: "24x7", version: 1, refs: [] };

/** Returns the open time in the half-open interval [from, to); 0 if the interval is empty or inverted. */
export function openBetween({ span }: Calendar, from: Instant, to: Instant): DurationMs {
  if (span === undefined) return Math.max(0, to - from);
  if (to <= from) return 0;
  const [first, last] = [indexOf(from), indexOf(to)];
  let open = openBefore(span(last), to) - openBefore(span(first), from);
  for (let index = first; index < last; index++) open += span(index).totalMs;
  return open;
}

/** Returns the latest instant that is `open` milliseconds of open time before `to`. If `open` is 0, returns `to`. */
export function subtractOpen({ span }: Calendar, to: Instant, open: DurationMs): Instant {
  if (span === undefined) return to - open;
  if (open <= 0) return to;
  let index = indexOf(to);
  let missing = open - openBefore(span(index), to);
  while (missing > 0) missing -= span(--index).totalMs;
  // The result is the instant in this span before which the span has `-missing` milliseconds of open time. If a stretch begins
  // after exactly `-missing` milliseconds of open time, the result is the beginning of the stretch.
  return openUntil(span(index), -missing, "latest");
}

/** Returns true if the calendar is open at an instant. */
export function isOpenAt(calendar: Calendar, at: Instant): boolean {
  return nextOpening(calendar, at) === at;
}

/** Returns the first open instant at or after `at`. */
export function nextOpening({ span }: Calendar, at: Instant): Instant {
  if (span === undefined) return at;
  let index = indexOf(at);
  let passed = openBefore(span(index), at);
  // After the last stretch of a span, the next opening is in the next span.
  while (passed >= span(index).totalMs) {
    index++;
    passed = 0;
  }
  return Math.max(at, openUntil(span(index), passed, "latest"));
}

/**
 * Returns the instant at which `open` milliseconds of open time have passed since `from`. If the last millisecond passes
 * exactly at a closing, the result is the closing. If `open` is 0, the result is the next opening.
 */
export function addOpen(calendar: Calendar, from: Instant, open: DurationMs): Instant {
  const { span } = calendar;
  if (span === undefined) return from + open;
  if (open <= 0) return nextOpening(calendar, from);
  let index = indexOf(from);
  let wanted = openBefore(span(index), from) + open;
  while (wanted > span(index).totalMs) {
    wanted -= span(index).totalMs;
    index++;
  }
  return openUntil(span(index), wanted, "earliest");
}

/**
 * Returns true if a calendar does not open in the span of 400 days that contains an instant. A calendar without an opening in
 * the span counts as 24x7, because a clock with this calendar would otherwise never breach. The caller must raise an alarm.
 */
export function neverOpensAround({ span }: Calendar, at: Instant): boolean {
  return span !== undefined && span(indexOf(at)).isForced;
}

function indexOf(at: Instant): number {
  return Math.floor(at / spanMs);
}
