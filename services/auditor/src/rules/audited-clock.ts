import type { ClockKind, DurationMs, Instant } from "@crossline/contracts";
import type { Calendar } from "./calendar.ts";

/** A stretch of time that a clock has counted. */
type CountedInterval = readonly [from: Instant, to: Instant];

/**
 * One running clock as a water meter: `spent` is what it has counted up to `from`, where the tap was opened last; without
 * `from` the tap is closed, since `restedAt`. `to` is the instant at which it closes by itself.
 */
export type AuditedClock = {
  name: string;
  kind: ClockKind;
  /** `case/12`, a hand-off's id, or `clock/* <instant>`: begun by a breach whose number is not known yet. */
  incarnation: string;
  charged: string;
  began: Instant;
  target: DurationMs;
  thresholds: readonly number[];
  /** Index of the threshold that is next. */
  next: number;
  spent: DurationMs;
  /** What `spent` is made of, in order: it is counted again where the case is moved to other hours. */
  counted: readonly CountedInterval[];
  from?: Instant | undefined;
  to?: Instant | undefined;
  restedAt: Instant;
  /** Nothing that has not fired is due before: since a change of the target, or since the case was reopened. */
  notBefore?: Instant;
  /** The target is the clock's own (a window's end, an offer's): a new severity does not change it. */
  fixed?: true;
  /** Of `first-response`: the customer is on the line. */
  live?: true;
  /** Of `vendor.acceptance`: it is a page that waits for an answer, no hand-off. */
  page?: true;
  /** Of `vendor.acceptance`: the step of the line whose hours count. */
  step?: number;
  /** The order of the records that moved it is not known: it is not compared. */
  unsure?: true;
};

/** More stretches than these are not kept: a clock that has rested so often is unsure after a move to other hours. */
export const countedMax = 64;

/** The incarnation that the breach at this instant begins, until its number is known. */
export function unnumberedIncarnation(breachAt: Instant): string {
  return `clock/* ${breachAt}`;
}

/** Whether the number of an incarnation is not known yet. */
export function isUnnumbered(incarnation: string): boolean {
  return incarnation.startsWith("clock/* ");
}

/** When the next threshold is due by what is known; undefined where that will never be. */
export function nextDue(clock: AuditedClock, calendar: Calendar): Instant | undefined {
  const reached = nextReached(clock, calendar);
  return reached === undefined ? undefined : Math.max(reached, clock.notBefore ?? -Infinity);
}

function nextReached(clock: AuditedClock, calendar: Calendar): Instant | undefined {
  const percent = clock.thresholds[clock.next];
  if (percent === undefined) return undefined;
  const wanted = Math.ceil((clock.target * percent) / 100);
  const missing = wanted - clock.spent;
  if (missing <= 0 && clock.counted.length > 0) return reachedIn(clock, wanted, calendar);
  if (clock.from === undefined) return undefined;
  const due = calendar.add(clock.from, missing);
  if (due === Infinity) return undefined;
  return clock.to !== undefined && due > clock.to ? undefined : due;
}

/** When what has been counted had reached so much. */
function reachedIn({ counted, restedAt }: AuditedClock, wanted: DurationMs, calendar: Calendar): Instant {
  let missing = wanted;
  for (const [from, to] of counted) {
    const open = calendar.between(from, to);
    if (missing <= open) return calendar.add(from, missing);
    missing -= open;
  }
  return restedAt; // Not all stretches were kept.
}

/** The tap is open from `at` on, until `to` where that is known. Never takes counted time back. */
export function resumeCounting(clock: AuditedClock, at: Instant, to: Instant | undefined, calendar: Calendar): void {
  applyEnd(clock, at, calendar);
  if (clock.from === undefined) {
    const last = clock.counted.at(-1);
    // A record that is applied late opens it where it was closed too soon. What has not rested in between is one stretch.
    if (last !== undefined && at <= last[1] && clock.restedAt === last[1]) {
      clock.from = last[0];
      clock.spent -= calendar.between(...last);
      clock.counted = clock.counted.slice(0, -1);
    } else clock.from = Math.max(at, clock.restedAt);
  }
  clock.to = to;
}

/** The tap is closed at `at`. */
export function pauseCounting(clock: AuditedClock, at: Instant, calendar: Calendar): void {
  applyEnd(clock, at, calendar);
  if (clock.from !== undefined) endInterval(clock, Math.max(clock.from, at), calendar);
}

/** A tap that has closed by itself before `at` is closed. */
function applyEnd(clock: AuditedClock, at: Instant, calendar: Calendar): void {
  if (clock.to !== undefined && clock.to < at) endInterval(clock, clock.to, calendar);
}

function endInterval(clock: AuditedClock, at: Instant, calendar: Calendar): void {
  if (clock.from === undefined) return;
  clock.spent += calendar.between(clock.from, at);
  if (clock.counted.length <= countedMax) clock.counted = [...clock.counted, [clock.from, at]];
  clock.restedAt = at;
  clock.from = undefined;
  clock.to = undefined;
}

/** What was counted before is counted again in other hours. */
export function recount(clock: AuditedClock, calendar: Calendar): void {
  clock.spent = clock.counted.reduce((sum, [from, to]) => sum + calendar.between(from, to), 0);
}

/** How much was counted by an instant, which may lie before the last stretch. */
export function countedBy({ counted, from, to = Infinity }: AuditedClock, at: Instant, calendar: Calendar): DurationMs {
  const stretches = from === undefined ? counted : [...counted, [from, to] as const];
  return stretches.reduce((sum, [start, end]) => sum + calendar.between(start, Math.min(end, at)), 0);
}

/** Restarts the clock at its breach, as `stall.idle` does; a resting clock goes on resting. */
export function restart(clock: AuditedClock, incarnation: string, at: Instant): void {
  clock.incarnation = incarnation;
  clock.began = at;
  clock.next = 0;
  clock.spent = 0;
  clock.counted = [];
  if (clock.from !== undefined) clock.from = at;
  clock.restedAt = at;
  delete clock.notBefore;
}

/** Counts without a gap since it began, as what ends at an instant of the world does. */
export function fillGaps(clock: AuditedClock): void {
  clock.spent = 0;
  clock.counted = [];
  clock.from = clock.began;
  clock.to = undefined;
}
