import type { ClockKind, DurationMs, Instant } from "@crossline/contracts";
import type { Calendar } from "./calendar.ts";

/** An interval of counted time. */
type CountedInterval = readonly [from: Instant, to: Instant];

/**
 * The auditor's own calculation of an open clock. `from` is the start of the current interval, and `spent` is the counted time before
 * `from`. Without `from`, the clock has been paused since `restedAt`. At `to`, the current interval ends even if no event follows.
 */
export type AuditedClock = {
  name: string;
  kind: ClockKind;
  /**
   * The name of the event that started the clock, for example `case/12` or a hand-off's id. `clock/* <instant>` means that the
   * clock started at a breach whose sequence is not known yet.
   */
  incarnation: string;
  charged: string;
  began: Instant;
  target: DurationMs;
  thresholds: readonly number[];
  /** The index of the next threshold. */
  next: number;
  spent: DurationMs;
  /**
   * The intervals whose sum is `spent`, in order. If a move changes the hours, the auditor calculates the counted time of these
   * intervals again.
   */
  counted: readonly CountedInterval[];
  from?: Instant | undefined;
  to?: Instant | undefined;
  restedAt: Instant;
  /**
   * The instant of the last change of the target or of the last resumption, whichever is later. No threshold is due before this
   * instant.
   */
  notBefore?: Instant;
  /**
   * True if the target does not come from the line's targets, but for example from an offer or a pass. A new severity does not
   * change a target with `fixed`.
   */
  fixed?: true;
  /** True for the `first-response` of a live contact. */
  live?: true;
  /** True for a `vendor.acceptance` that runs for a page instead of an offer. The page waits for a take. */
  page?: true;
  /** True for an `information` that runs because the case is a member of an incident. */
  member?: true;
  /** The index of the line step in whose hours a `vendor.acceptance` counts. */
  step?: number;
  /** True if the auditor does not compare the clock's firings, because the order of the records that changed the clock is unknown. */
  unsure?: true;
};

/** The maximum number of stored intervals. If a clock has more intervals, a move to a line with other hours makes the clock unsure. */
export const countedMax = 64;

/**
 * Returns a provisional incarnation for a clock that starts at this breach. The sequence of the breach later replaces the instant.
 */
export function unnumberedIncarnation(breachAt: Instant): string {
  return `clock/* ${breachAt}`;
}

/** Returns whether the incarnation is provisional. */
export function isUnnumbered(incarnation: string): boolean {
  return incarnation.startsWith("clock/* ");
}

/**
 * Returns the deadline of the clock's next threshold, or undefined if no threshold is left or the clock does not reach the next
 * threshold.
 */
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

/** Returns the instant at which the counted time reached `wanted`. */
function reachedIn({ counted, restedAt }: AuditedClock, wanted: DurationMs, calendar: Calendar): Instant {
  let missing = wanted;
  for (const [from, to] of counted) {
    const open = calendar.between(from, to);
    if (missing <= open) return calendar.add(from, missing);
    missing -= open;
  }
  return restedAt; // `counted` lacks the interval, because the clock has more than `countedMax` intervals.
}

/** Makes the clock count from `at` to `to`, or without an end if `to` is undefined. The counted time never decreases. */
export function resumeCounting(clock: AuditedClock, at: Instant, to: Instant | undefined, calendar: Calendar): void {
  applyEnd(clock, at, calendar);
  if (clock.from === undefined) {
    const last = clock.counted.at(-1);
    // The auditor can apply a record late, after it paused the clock at a later instant. The record shows that the pause never
    // happened, so the last interval continues.
    if (last !== undefined && at <= last[1] && clock.restedAt === last[1]) {
      clock.from = last[0];
      clock.spent -= calendar.between(...last);
      clock.counted = clock.counted.slice(0, -1);
    } else clock.from = Math.max(at, clock.restedAt);
  }
  clock.to = to;
}

/** Pauses the clock at `at`. */
export function pauseCounting(clock: AuditedClock, at: Instant, calendar: Calendar): void {
  applyEnd(clock, at, calendar);
  if (clock.from !== undefined) endInterval(clock, Math.max(clock.from, at), calendar);
}

/** Ends the current interval if its `to` is before `at`. */
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

/** Calculates the counted time of the stored intervals again, by the open hours of another calendar. */
export function recount(clock: AuditedClock, calendar: Calendar): void {
  clock.spent = clock.counted.reduce((sum, [from, to]) => sum + calendar.between(from, to), 0);
}

/** Returns the counted time until an instant, which may be before the last interval. */
export function countedBy({ counted, from, to = Infinity }: AuditedClock, at: Instant, calendar: Calendar): DurationMs {
  const stretches = from === undefined ? counted : [...counted, [from, to] as const];
  return stretches.reduce((sum, [start, end]) => sum + calendar.between(start, Math.min(end, at)), 0);
}

/** Restarts the clock at its breach. If the clock is paused, it stays paused. */
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

/** Makes the clock count from its start without pauses, because its deadline is a fixed instant. */
export function fillGaps(clock: AuditedClock): void {
  clock.spent = 0;
  clock.counted = [];
  clock.from = clock.began;
  clock.to = undefined;
}
