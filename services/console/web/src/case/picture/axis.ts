import { scaleLinear } from "d3-scale";

/** A part of the axis of time. Nothing happened inside an idle stretch, so the axis shows it narrow. Instants are in ms since 1970. */
export type AxisStretch = { readonly from: number; readonly to: number; readonly isIdle: boolean };

/** Translates instants into places of a picture, and places into instants. A result never lies outside the axis. */
export type Axis = {
  readonly stretches: readonly AxisStretch[];
  readonly placeOf: (instant: number) => number;
  readonly instantAt: (place: number) => number;
};

const shortestSpanMs = 60_000;
const shortestIdleMs = 15 * 60_000;
/** A gap is idle if it is longer than this number of average gaps. */
const idleGaps = 1.5;
/** A gap in the future is idle if it is longer than this share of the shown past. */
const futureShare = 0.25;
const idleWidth = { most: 52, share: 0.4 };

/**
 * Divides the time between the first and the last instant into stretches. A gap without any instant that is much longer than the others
 * becomes an idle stretch. After each pass the average is smaller, so a burst of a minute stays readable in a case of five days. A long gap
 * after `now` is always idle, because only deadlines are there.
 */
export function stretchesOf(
  instants: readonly number[],
  now: number = Number.POSITIVE_INFINITY,
): readonly AxisStretch[] {
  const sorted = [...new Set(instants)].toSorted((one, other) => one - other);
  const first = sorted[0] ?? 0;
  if ((sorted.at(-1) ?? 0) - first < shortestSpanMs) sorted.push(first + shortestSpanMs);
  const gaps = sorted.slice(1).map((to, index) => ({ from: sorted[index] ?? to, to }));
  const past = gaps.filter(({ from }) => from < now).map(({ from, to }) => to - from);
  const limit = idleLimit(past);
  const shownMs = past.reduce((sum, gap) => sum + (gap > limit ? 0 : gap), 0);
  const futureLimit = Math.max(shortestSpanMs, shownMs * futureShare);
  const stretches: AxisStretch[] = [];
  for (const { from, to } of gaps) {
    const isIdle = to - from > (from < now ? limit : futureLimit);
    const last = stretches.at(-1);
    if (last !== undefined && !last.isIdle && !isIdle) stretches[stretches.length - 1] = { ...last, to };
    else stretches.push({ from, to, isIdle });
  }
  return stretches;
}

function idleLimit(gaps: readonly number[]): number {
  let shown = gaps;
  for (;;) {
    const average = shown.reduce((sum, gap) => sum + gap, 0) / Math.max(1, shown.length);
    const limit = Math.max(shortestIdleMs, idleGaps * average);
    const shorter = shown.filter((gap) => gap <= limit);
    if (shorter.length === shown.length || shorter.length === 0) return limit;
    shown = shorter;
  }
}

/** Returns the axis of these stretches for a picture that is `width` pixels wide. */
export function axisOf(stretches: readonly AxisStretch[], width: number): Axis {
  const idle = stretches.filter(({ isIdle }) => isIdle).length;
  const each = idle === 0 ? 0 : Math.min(idleWidth.most, (width * idleWidth.share) / idle);
  const shownMs = stretches.reduce((sum, { from, to, isIdle }) => sum + (isIdle ? 0 : to - from), 0);
  const perMs = (width - each * idle) / Math.max(1, shownMs);
  const domain = [stretches[0]?.from ?? 0];
  const range = [0];
  for (const { from, to, isIdle } of stretches) {
    domain.push(to);
    range.push((range.at(-1) ?? 0) + (isIdle ? each : (to - from) * perMs));
  }
  const scale = scaleLinear(domain, range).clamp(true);
  return { stretches, placeOf: (instant) => scale(instant), instantAt: (place) => scale.invert(place) };
}
