import { drawHits, drawMedians, drawOtherMiddle } from "./draws.ts";
import { medianOfSorted } from "./quantile.ts";
import type { Random } from "./random.ts";

/**
 * The cases from which a value is calculated. All numbers of a sample have one unit.
 * - `share`: `hits` of `cases`.
 * - `mean`: the mean of counts; the map says how many cases have each count.
 * - `median`: the median of durations.
 * - `gap`: the median of `first` minus the median of `second`. Both numbers of a pair belong to one case.
 */
export type Sample =
  | { readonly measure: "share"; readonly hits: number; readonly cases: number }
  | { readonly measure: "mean"; readonly counts: ReadonlyMap<number, number> }
  | { readonly measure: "median"; readonly values: readonly number[] }
  | { readonly measure: "gap"; readonly pairs: readonly (readonly [first: number, second: number])[] };

/** A sample that can be drawn again. */
export type Resampler = {
  readonly cases: number;
  /** The value of the sample itself; `NaN` without a case. */
  readonly value: number;
  /**
   * Returns the value of as many cases, drawn with replacement: one bootstrap repetition. The draw takes the same time for every number
   * of cases, or grows with its logarithm, and has the distribution of a plain repetition. For `gap` the distribution is exact for
   * each median, and the correlation of the two medians is the one of large samples.
   */
  readonly draw: (random: Random) => number;
};

const numeric = (values: Iterable<number>): Float64Array => Float64Array.from(values).toSorted();

/** Sorts a sample once, so that it can be drawn many times. */
export function prepare(sample: Sample): Resampler {
  switch (sample.measure) {
    case "share":
      return prepareShare(sample.hits, sample.cases);
    case "mean":
      return prepareMean(sample.counts);
    case "median": {
      const sorted = numeric(sample.values);
      const draw = (random: Random): number => drawPair(sorted, sorted, 1, random)[0];
      return { cases: sorted.length, value: medianOfSorted(sorted), draw };
    }
    case "gap":
      return prepareGap(sample.pairs);
  }
}

/** A share of none or all is drawn as if half a case were different. Otherwise its interval would have no length. */
function prepareShare(hits: number, cases: number): Resampler {
  const share = Math.min(1 - 0.5 / cases, Math.max(0.5 / cases, hits / cases));
  return { cases, value: hits / cases, draw: (random) => drawHits(cases, share, random) / cases };
}

/** Draws one count after another, each among the cases that are left (a multinomial draw by conditional binomial draws). */
function prepareMean(counts: ReadonlyMap<number, number>): Resampler {
  const rows = [...counts];
  const cases = rows.reduce((total, [, number]) => total + number, 0);
  const total = rows.reduce((sum, [count, number]) => sum + count * number, 0);
  const draw = (random: Random): number => {
    let [left, among, sum] = [cases, cases, 0];
    for (const [count, number] of rows) {
      const hits = drawHits(left, number / among, random);
      sum += count * hits;
      left -= hits;
      among -= number;
    }
    return sum / cases;
  };
  return { cases, value: total / cases, draw };
}

function prepareGap(pairs: readonly (readonly [number, number])[]): Resampler {
  const first = numeric(pairs.map(([one]) => one));
  const second = numeric(pairs.map(([, other]) => other));
  const medians = [medianOfSorted(first), medianOfSorted(second)] as const;
  const correlation = correlationOfMedians(pairs, medians);
  const draw = (random: Random): number => {
    const [one, other] = drawPair(first, second, correlation, random);
    return one - other;
  };
  return { cases: pairs.length, value: medians[0] - medians[1], draw };
}

/**
 * Returns the correlation of the two medians of a large sample of pairs (Babu and Rao 1988). It is the mean product of the signs of
 * both distances from the medians.
 */
function correlationOfMedians(
  pairs: readonly (readonly [number, number])[],
  [first, second]: readonly [number, number],
): number {
  let signs = 0;
  for (const [one, other] of pairs) signs += Math.sign(one - first) * Math.sign(other - second);
  return pairs.length === 0 ? 0 : signs / pairs.length;
}

/** Draws the medians of as many numbers of each list. The lists have the same length and are sorted. */
function drawPair(
  first: Float64Array,
  second: Float64Array,
  correlation: number,
  random: Random,
): readonly [number, number] {
  const cases = first.length;
  const odd = cases % 2 === 0 ? cases - 1 : cases;
  const [one, other] = drawMedians(odd, correlation, random);
  const at = (sorted: Float64Array, uniform: number): number => sorted[Math.floor(cases * uniform)] ?? Number.NaN;
  const middle = (sorted: Float64Array, median: number): number =>
    cases === odd ? at(sorted, median) : (at(sorted, median) + at(sorted, drawOtherMiddle(median, odd, random))) / 2;
  return [middle(first, one), middle(second, other)];
}
