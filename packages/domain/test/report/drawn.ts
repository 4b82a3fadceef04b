import { type Random, seededRandom } from "../../src/index.ts";

/** Draws a standard normal number (Box and Muller 1958). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}

/** Draws `cases` numbers whose logarithm is normal, with the given median. */
export function logNormals(cases: number, median: number, random: Random, spread = 0.8): number[] {
  return Array.from({ length: cases }, () => median * Math.exp(spread * normal(random)));
}

/** Returns the mean and the standard deviation of a list. */
export function momentsOf(values: readonly number[]): readonly [mean: number, deviation: number] {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  const variance = values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (values.length - 1);
  return [mean, Math.sqrt(variance)];
}

/** Returns the results of `runs` runs with the seeds 1, 2, 3 … */
export function repeated<T>(runs: number, run: (random: Random) => T): T[] {
  return Array.from({ length: runs }, (_, index) => run(seededRandom(index + 1)));
}
