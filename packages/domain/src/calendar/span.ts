import type { DurationMs, Instant } from "@crossline/contracts";

const dayMs = 86_400_000;

/**
 * The length of a span in days. The calendar arithmetic divides time into spans. A span without an opening counts as open, so
 * that every search ends.
 */
export const spanDays = 400;
export const spanMs = spanDays * dayMs;

/** A half-open interval of time. */
export type Stretch = readonly [from: Instant, to: Instant];

/**
 * The open stretches of a span: sorted, disjoint, and cut at the ends of the span. `before` is the open time before each
 * stretch.
 */
export type Span = {
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly before: Float64Array;
  readonly totalMs: DurationMs;
  /** True if the span has no opening, so that all of it counts as open. */
  readonly isForced: boolean;
};

/** Builds a span from stretches, which may overlap and be in any order. */
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

/** Sorts stretches and joins those that touch or overlap. */
export function join(stretches: readonly Stretch[]): Stretch[] {
  const joined: [from: Instant, to: Instant][] = [];
  for (const [from, to] of stretches.toSorted(([a], [b]) => a - b)) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** Returns the open time between the beginning of a span and an instant in the span. */
export function openBefore({ from, to, before }: Span, at: Instant): DurationMs {
  const index = countUpTo(from, at, true) - 1;
  if (index < 0) return 0;
  return (before[index] ?? 0) + Math.min(at, to[index] ?? at) - (from[index] ?? at);
}

/**
 * Returns the instant before which a span has `open` milliseconds of open time. If a closing and the next opening both qualify,
 * `earliest` selects the closing and `latest` selects the opening.
 */
export function openUntil({ from, before }: Span, open: DurationMs, which: "earliest" | "latest"): Instant {
  const index = Math.max(0, countUpTo(before, open, which === "latest") - 1);
  return (from[index] ?? 0) + open - (before[index] ?? 0);
}

/** Returns the end of the stretch that is open at an instant in the span. */
export function closingIn({ from, to }: Span, at: Instant): Instant {
  return to[countUpTo(from, at, true) - 1] ?? at;
}

/**
 * Returns the number of values in a sorted list that are below a limit. If `including` is true, values equal to the limit also
 * count.
 */
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
