import type { DurationMs, Instant } from "@crossline/contracts";

const dayMs = 86_400_000;

/** Calendars are worked out in spans of so many days. A span without any opening counts as open, so that every search ends. */
export const spanDays = 400;
export const spanMs = spanDays * dayMs;

/** A stretch of time, half open. */
export type Stretch = readonly [from: Instant, to: Instant];

/** The open stretches of a span: in order, apart from each other, cut off at its ends; and how much was open before each. */
export type Span = {
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly before: Float64Array;
  readonly totalMs: DurationMs;
  /** Nothing was open, so all of it counts as open. */
  readonly isForced: boolean;
};

/** Makes a span out of stretches in any order, overlapping or not. */
export function makeSpan(index: number, stretches: readonly Stretch[]): Span {
  const [begin, end] = [index * spanMs, (index + 1) * spanMs];
  const cut = stretches
    .map(([from, to]): Stretch => [Math.max(from, begin), Math.min(to, end)])
    .filter(([from, to]) => from < to);
  const joined = join(cut);
  const isForced = joined.length === 0;
  const open: readonly Stretch[] = isForced ? [[begin, end]] : joined;
  const before = new Float64Array(open.length);
  let totalMs = 0;
  for (const [at, [from, to]] of open.entries()) {
    before[at] = totalMs;
    totalMs += to - from;
  }
  return {
    from: Float64Array.from(open, ([from]) => from),
    to: Float64Array.from(open, ([, to]) => to),
    before,
    totalMs,
    isForced,
  };
}

/** In order, those that touch made one. */
export function join(stretches: readonly Stretch[]): Stretch[] {
  const joined: [from: Instant, to: Instant][] = [];
  for (const [from, to] of stretches.toSorted(([a], [b]) => a - b)) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** How much of a span is open before an instant in it. */
export function openBefore({ from, to, before }: Span, at: Instant): DurationMs {
  const index = countUpTo(from, at, true) - 1;
  if (index < 0) return 0;
  return (before[index] ?? 0) + Math.min(at, to[index] ?? at) - (from[index] ?? at);
}

/**
 * The instant before which so much of a span is open. Where a closing, and all the time until the next opening, would do,
 * `earliest` is the closing and `latest` the opening.
 */
export function openUntil({ from, before }: Span, open: DurationMs, which: "earliest" | "latest"): Instant {
  const index = Math.max(0, countUpTo(before, open, which === "latest") - 1);
  return (from[index] ?? 0) + open - (before[index] ?? 0);
}

/** When the stretch of a span ends that is open at an instant in it. */
export function closingIn({ from, to }: Span, at: Instant): Instant {
  return to[countUpTo(from, at, true) - 1] ?? at;
}

/** How many of a rising list lie below a limit, or on it where that counts too. */
function countUpTo(list: Float64Array, limit: number, including: boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = list[middle] ?? 0;
    if (value < limit || (including && value === limit)) low = middle + 1;
    else high = middle;
  }
  return low;
}
