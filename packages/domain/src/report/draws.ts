import type { Random } from "./random.ts";

/**
 * Draws the medians of two samples of `odd` uniform numbers. Each median has exactly the distribution Beta(a, a) with
 * `a = (odd + 1) / 2`, and the two medians have the given correlation. Source: Ulrich's method for symmetric beta numbers (Devroye,
 * Non-Uniform Random Variate Generation, 1986, IX.4.3); the second number uses the same radius and another angle.
 */
export function drawMedians(odd: number, correlation: number, random: Random): readonly [number, number] {
  const radius = Math.sqrt(1 - random() ** (2 / odd));
  const angle = 2 * Math.PI * random();
  const turn = Math.acos(Math.min(1, Math.max(-1, correlation)));
  return [(1 + radius * Math.cos(angle)) / 2, (1 + radius * Math.cos(angle + turn)) / 2];
}

/**
 * Draws one more uniform number and returns the other middle number of all. `median` is the median of the first `odd` numbers.
 */
export function drawOtherMiddle(median: number, odd: number, random: Random): number {
  const one = random();
  const nearest = odd === 1 ? 0 : random() ** (2 / (odd - 1));
  return one < median ? Math.max(one, median * nearest) : Math.min(one, 1 - (1 - median) * nearest);
}

/**
 * Draws how many of `cases` independent cases are hits. The number of steps grows with the logarithm of `cases`, because the median of
 * uniform numbers decides half of the cases. Source: Devroye 1986, X.4.4.
 */
export function drawHits(cases: number, probability: number, random: Random): number {
  let [left, share, hits] = [cases, probability, 0];
  while (left > 0 && share > 0) {
    if (share >= 1) return hits + left;
    if (left % 2 === 0) {
      hits += random() < share ? 1 : 0;
      left -= 1;
    }
    const half = (left - 1) / 2;
    const [median] = drawMedians(left, 1, random);
    if (median <= share) {
      hits += half + 1;
      share = (share - median) / (1 - median);
    } else share /= median;
    left = half;
  }
  return hits;
}
