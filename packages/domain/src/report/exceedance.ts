import { upperTail } from "./normal.ts";

/** A number of one case. Only numbers of one stratum are compared, for example of one channel. */
export type GroupValue = {
  readonly group: string;
  readonly stratum: string;
  readonly value: number;
  /** False if the number counts in its own group only. */
  readonly isReference: boolean;
};
type Stratum = { readonly reference: Float64Array; readonly ties: number; readonly groups: Map<string, Group> };
type Group = { readonly values: Float64Array; readonly reference: Float64Array };

/**
 * Returns for each group whether its numbers are more than `margin` times as large as the numbers of the other groups in the same
 * stratum. The result is the probability of these numbers if they were not. The test is one-sided.
 *
 * The test is van Elteren's (1960): rank-sum tests of Wilcoxon in each stratum, weighted by 1 / (n + 1), with the correction for ties. Ranks
 * need no form of the distribution, and one extreme number cannot decide. Dividing the group's numbers by `margin` makes it a test
 * against a smallest effect.
 */
export function exceedances(measured: readonly GroupValue[], margin: number): Map<string, number> {
  const sums = new Map<string, { excess: number; variance: number }>();
  for (const stratum of strataOf(measured).values())
    for (const [name, group] of stratum.groups) {
      const sum = sums.get(name) ?? { excess: 0, variance: 0 };
      addRanks(sum, stratum, group, margin);
      sums.set(name, sum);
    }
  return new Map(
    [...sums].map(([name, { excess, variance }]) => [name, variance > 0 ? upperTail(excess / Math.sqrt(variance)) : 1]),
  );
}

function addRanks(
  sum: { excess: number; variance: number },
  { reference, ties }: Stratum,
  { values, reference: own }: Group,
  margin: number,
): void {
  const [inside, outside] = [values.length, reference.length - own.length];
  const all = inside + outside;
  if (outside === 0) return;
  const scaled = values.map((value) => value / margin);
  const larger = ranksIn(reference, scaled) - ranksIn(own, scaled);
  const weight = 1 / (all + 1);
  sum.excess += weight * (larger - (inside * outside) / 2);
  sum.variance += weight ** 2 * ((inside * outside * (all + 1)) / 12) * ties;
}

/** Returns for how many pairs the second number is larger. Equal numbers count as half. The first list is sorted. */
function ranksIn(sorted: Float64Array, values: Float64Array): number {
  let sum = 0;
  for (const value of values) {
    const isBelow = (each: number): boolean => each < value;
    const isUpTo = (each: number): boolean => each <= value;
    sum += (countWhile(sorted, isBelow) + countWhile(sorted, isUpTo)) / 2;
  }
  return sum;
}

/** Returns how many of the first sorted numbers fulfil a condition that no later number fulfils. */
function countWhile(sorted: Float64Array, isCounted: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isCounted(sorted[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function strataOf(measured: readonly GroupValue[]): Map<string, Stratum> {
  return new Map(
    [...Map.groupBy(measured, ({ stratum }) => stratum)].map(([name, members]) => {
      const reference = sortedValues(members.filter(({ isReference }) => isReference));
      const groups = [...Map.groupBy(members, ({ group }) => group)].map(([group, own]): [string, Group] => [
        group,
        { values: sortedValues(own), reference: sortedValues(own.filter(({ isReference }) => isReference)) },
      ]);
      return [name, { reference, ties: tieFactor(reference), groups: new Map(groups) }];
    }),
  );
}

function sortedValues(measured: readonly GroupValue[]): Float64Array {
  return Float64Array.from(measured, ({ value }) => value).toSorted();
}

/** Returns by which factor equal numbers reduce the variance of a rank sum. */
function tieFactor(sorted: Float64Array): number {
  let [cubes, equal] = [0, 0];
  for (let place = 0; place < sorted.length; place++) {
    equal += 1;
    if (sorted[place] === sorted[place + 1]) continue;
    cubes += equal ** 3 - equal;
    equal = 0;
  }
  const cases = sorted.length;
  return cases < 2 ? 1 : 1 - cubes / (cases ** 3 - cases);
}
