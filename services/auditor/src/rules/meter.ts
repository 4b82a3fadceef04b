import type { ClockKind, DurationMs, Instant } from "@crossline/contracts";
import type { Calendar } from "./calendar.ts";

/**
 * One running clock as a water meter: `spent` is what it has counted up to `from`, where the tap was opened last; without
 * `from` the tap is closed, since `restedAt`. `to` is the instant at which it closes by itself.
 */
export type Meter = {
  name: string;
  kind: ClockKind;
  /** `case/12`, a hand-off's id, or `clock/* <instant>`: begun by a breach, whose number only the timer can tell. */
  incarnation: string;
  charged: string;
  began: Instant;
  target: DurationMs;
  thresholds: readonly number[];
  /** Index of the threshold that is next. */
  next: number;
  spent: DurationMs;
  from?: Instant | undefined;
  to?: Instant | undefined;
  restedAt: Instant;
  /** Since the target was changed: what had been reached before by the new one is due then. */
  notBefore?: Instant;
  /** The target is the clock's own (a window's end, an offer's): a new severity does not change it. */
  fixed?: true;
  /** Of `first-response`: the customer is on the line. */
  live?: true;
  /** Of `vendor.acceptance`: it is a page that waits for an answer, no hand-off. */
  page?: true;
  /** Of `vendor.acceptance`: the step of the line whose hours count. */
  step?: number;
  /** Events that did not know of each other may have been read in another order by the timer: not held against it. */
  unsure?: true;
};

/** The incarnation that the breach at this instant begins, until its number is known. */
export function unnumbered(breachAt: Instant): string {
  return `clock/* ${breachAt}`;
}

/** Whether the number of an incarnation is not known yet. */
export function isUnnumbered(incarnation: string): boolean {
  return incarnation.startsWith("clock/* ");
}

/** When the next threshold is due by what is known; undefined where that will never be. */
export function nextDue(meter: Meter, calendar: Calendar): Instant | undefined {
  const reached = nextReached(meter, calendar);
  return reached === undefined ? undefined : Math.max(reached, meter.notBefore ?? -Infinity);
}

function nextReached(meter: Meter, calendar: Calendar): Instant | undefined {
  const percent = meter.thresholds[meter.next];
  if (percent === undefined) return undefined;
  const missing = Math.ceil((meter.target * percent) / 100) - meter.spent;
  if (missing <= 0) return meter.from ?? meter.restedAt;
  if (meter.from === undefined) return undefined;
  const due = calendar.add(meter.from, missing);
  if (due === Infinity) return undefined;
  return meter.to !== undefined && due > meter.to ? undefined : due;
}

/** Whether it has counted without a break since it began: then its time can be counted anew in another calendar. */
export function neverRested({ began, restedAt, spent }: Meter): boolean {
  return restedAt === began && spent === 0;
}

/** The tap is open from `at` on, until `to` where that is known. Never takes counted time back. */
export function openTap(meter: Meter, at: Instant, to: Instant | undefined, calendar: Calendar): void {
  settle(meter, at, calendar);
  if (meter.from === undefined) {
    meter.from = Math.max(at, meter.restedAt); // An event that is read late opens it where it was closed too soon.
    meter.to = to;
  } else if (meter.to !== undefined) meter.to = to === undefined ? undefined : Math.max(meter.to, to);
}

/** The tap is closed at `at`. */
export function closeTap(meter: Meter, at: Instant, calendar: Calendar): void {
  settle(meter, at, calendar);
  if (meter.from === undefined) return;
  const end = Math.max(meter.from, at);
  meter.spent += calendar.between(meter.from, end);
  meter.restedAt = end;
  meter.from = undefined;
  meter.to = undefined;
}

/** A tap that has closed by itself before `at` is closed. */
function settle(meter: Meter, at: Instant, calendar: Calendar): void {
  if (meter.from === undefined || meter.to === undefined || meter.to >= at) return;
  meter.spent += calendar.between(meter.from, meter.to);
  meter.restedAt = meter.to;
  meter.from = undefined;
  meter.to = undefined;
}

/** Begins to count anew from `at`, as a silence that has breached does. */
export function restart(meter: Meter, incarnation: string, at: Instant): void {
  meter.incarnation = incarnation;
  meter.began = at;
  meter.next = 0;
  meter.spent = 0;
  meter.from = at;
  meter.to = undefined;
  meter.restedAt = at;
  delete meter.notBefore;
}
