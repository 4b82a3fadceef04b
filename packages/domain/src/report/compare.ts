import { quantileOfSorted } from "./quantile.ts";
import { seededRandom } from "./random.ts";
import { type Sample, prepare } from "./sample.ts";

/** The smallest number of cases on each side of a comparison. With fewer cases, the interval covers the difference too rarely. */
export const smallestSide = 30;
/** The share of the intervals that cover the true difference. */
export const confidence = 0.95;
const repetitions = 2_000;

/** A value before and after a date. The difference is `after` minus `before` and has the unit of the value. */
export type Comparison =
  | {
      readonly enough: true;
      readonly before: Side;
      readonly after: Side;
      readonly difference: number;
      readonly low: number;
      readonly high: number;
      readonly standardError: number;
    }
  | {
      readonly enough: false;
      readonly before: Side;
      readonly after: Side;
      /** The number of cases that each side needs. */
      readonly smallest: number;
    };
/** The cases of one side and their value, which is absent without a case. */
export type Side = { readonly cases: number; readonly value?: number };

/**
 * Compares two samples. The interval is the percentile interval of 2,000 bootstrap repetitions with the given confidence
 * (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13). The same samples always give the same interval.
 */
export function compare(before: Sample, after: Sample, level = confidence): Comparison {
  const [former, later] = [prepare(before), prepare(after)];
  const sides = { before: sideOf(former), after: sideOf(later) };
  if (Math.min(former.cases, later.cases) < smallestSide) return { enough: false, ...sides, smallest: smallestSide };
  const random = seededRandom(1);
  const drawn = new Float64Array(repetitions).map(() => later.draw(random) - former.draw(random)).toSorted();
  const mean = drawn.reduce((sum, each) => sum + each, 0) / repetitions;
  const variance = drawn.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (repetitions - 1);
  return {
    enough: true,
    ...sides,
    difference: later.value - former.value,
    low: quantileOfSorted(drawn, (1 - level) / 2),
    high: quantileOfSorted(drawn, (1 + level) / 2),
    standardError: Math.sqrt(variance),
  };
}

function sideOf({ cases, value }: { readonly cases: number; readonly value: number }): Side {
  return cases === 0 ? { cases } : { cases, value };
}
