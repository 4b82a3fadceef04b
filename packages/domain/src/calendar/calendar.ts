import type { CalendarRef, DurationMs, Instant } from "@crossline/contracts";
import { type Span, openBefore, openUntil, spanMs } from "./span.ts";

/** When people work: a published calendar, the hours that several of them have in common, or always. */
export type Calendar = {
  readonly name: string;
  readonly version: number;
  /** What it is made of; nothing for 24x7. */
  readonly refs: readonly CalendarRef[];
  /** The open times of the 400 days of this number, counted from 1970-01-01T00:00Z. Without it there is no closing. */
  readonly span?: (index: number) => Span;
};

/** Open at every instant, in every zone. */
export const allHours: Calendar = { name: "24x7", version: 1, refs: [] };

/** Open time in the half-open interval [from, to); 0 where it is empty or inverted. */
export function openBetween({ span }: Calendar, from: Instant, to: Instant): DurationMs {
  if (span === undefined) return Math.max(0, to - from);
  if (to <= from) return 0;
  const [first, last] = [indexOf(from), indexOf(to)];
  let open = openBefore(span(last), to) - openBefore(span(first), from);
  for (let index = first; index < last; index++) open += span(index).totalMs;
  return open;
}

/** The latest instant from which `open` milliseconds of open time are left until `to`; `to` itself where none is wanted. */
export function subtractOpen({ span }: Calendar, to: Instant, open: DurationMs): Instant {
  if (span === undefined) return to - open;
  if (open <= 0) return to;
  let index = indexOf(to);
  let missing = open - openBefore(span(index), to);
  while (missing > 0) missing -= span(--index).totalMs;
  // So much of this span lies before the instant. Where a stretch begins with it, its beginning is the latest.
  return openUntil(span(index), -missing, "latest");
}

/** Whether somebody is there at an instant. */
export function isOpenAt(calendar: Calendar, at: Instant): boolean {
  return nextOpening(calendar, at) === at;
}

/** The first open instant at or after `at`. */
export function nextOpening({ span }: Calendar, at: Instant): Instant {
  if (span === undefined) return at;
  let index = indexOf(at);
  let passed = openBefore(span(index), at);
  // At the end of the last stretch of a span, the next opening lies in the next one.
  while (passed >= span(index).totalMs) {
    index++;
    passed = 0;
  }
  return Math.max(at, openUntil(span(index), passed, "latest"));
}

/**
 * The instant at which `open` milliseconds of open time have passed since `from`: the closing where that is reached exactly at
 * closing, and the next opening where none is wanted.
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
 * Whether a calendar does not open in the 400 days that lie around an instant. It counts as 24x7 there: a clock that never ran out
 * would be silence. Somebody has to hear of it.
 */
export function neverOpensAround({ span }: Calendar, at: Instant): boolean {
  return span !== undefined && span(indexOf(at)).isForced;
}

function indexOf(at: Instant): number {
  return Math.floor(at / spanMs);
}
