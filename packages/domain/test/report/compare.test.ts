import { describe, expect, test, vi } from "vitest";
import { type Sample, compare, seededRandom, smallestSide } from "../../src/index.ts";
import { medianOfSorted } from "../../src/report/quantile.ts";
import { prepare } from "../../src/report/sample.ts";
import { logNormals, momentsOf, normal, repeated } from "./drawn.ts";

// The time limit is long, because these tests check numbers, not speed, and a busy machine is slow.
vi.setConfig({ testTimeout: 60_000 });

/** Draws with replacement and calculates the value again: the plain bootstrap, which needs a step for each case. */
function plainDraw(sample: Sample, random: () => number): number {
  const again = <T>(list: readonly T[]): T[] => list.map(() => list[Math.floor(random() * list.length)] as T);
  const medianOf = (values: readonly number[]): number => medianOfSorted(values.toSorted((one, other) => one - other));
  const mean = (values: readonly number[]): number => momentsOf(values)[0];
  switch (sample.measure) {
    case "share":
      return mean(again(Array.from({ length: sample.cases }, (_, index) => (index < sample.hits ? 1 : 0))));
    case "mean":
      return mean(again([...sample.counts].flatMap(([count, cases]) => Array.from({ length: cases }, () => count))));
    case "median":
      return medianOf(again(sample.values));
    case "gap": {
      const pairs = again(sample.pairs);
      return medianOf(pairs.map(([one]) => one)) - medianOf(pairs.map(([, other]) => other));
    }
  }
}

const random = seededRandom(7);
const pairs = Array.from({ length: 150 }, (): [number, number] => {
  const shared = normal(random);
  return [100 * Math.exp(shared + 0.5 * normal(random)), 40 * Math.exp(shared + 0.5 * normal(random))];
});
const samples: readonly (readonly [name: string, sample: Sample])[] = [
  ["a share", { measure: "share", hits: 37, cases: 90 }],
  ["a share of an even number of cases", { measure: "share", hits: 290, cases: 300 }],
  [
    "a mean of counts",
    {
      measure: "mean",
      counts: new Map([
        [1, 60],
        [2, 25],
        [3, 10],
        [9, 5],
      ]),
    },
  ],
  ["the median of an odd number of cases", { measure: "median", values: logNormals(61, 50, random) }],
  ["the median of an even number of cases", { measure: "median", values: logNormals(34, 50, random) }],
  [
    "the median of equal numbers",
    { measure: "median", values: Array.from({ length: 43 }, (_each, index) => (index % 2 === 0 ? 20 : 30)) },
  ],
  ["a gap between correlated medians", { measure: "gap", pairs }],
  ["a gap between opposed medians", { measure: "gap", pairs: pairs.map(([one, other]) => [one, 1_600 / other]) }],
];

describe("a draw has the distribution of the plain bootstrap", () => {
  test.each(samples)("%s", (_, sample) => {
    const draws = 3_000;
    const { draw } = prepare(sample);
    const quick = Array.from({ length: draws }, () => draw(random));
    const plain = Array.from({ length: draws }, () => plainDraw(sample, random));
    const [[mean, deviation], [plainMean, plainDeviation]] = [momentsOf(quick), momentsOf(plain)];
    const error = Math.max(plainDeviation, 1e-9) / Math.sqrt(draws);
    expect(Math.abs(mean - plainMean)).toBeLessThan(5 * error);
    expect(deviation).toBeGreaterThan(0.9 * plainDeviation);
    expect(deviation).toBeLessThanOrEqual(1.1 * plainDeviation + 0.01);
    expect(greatestDistance(quick, plain)).toBeLessThan(2.2 * Math.sqrt(2 / draws));
  });
});

/** Returns the largest difference of two empirical distributions (Kolmogorov and Smirnov). */
function greatestDistance(one: readonly number[], other: readonly number[]): number {
  const [first, second] = [Float64Array.from(one).toSorted(), Float64Array.from(other).toSorted()];
  const upTo = (sorted: Float64Array, value: number): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] as number) <= value) low = middle + 1;
      else high = middle;
    }
    return low / sorted.length;
  };
  return Math.max(...[...first, ...second].map((value) => Math.abs(upTo(first, value) - upTo(second, value))));
}

const worldCount = 300;
/** A true difference, and samples from both sides of it. */
const worlds: readonly (readonly [
  name: string,
  difference: number,
  draw: (random: () => number) => [Sample, Sample],
])[] = [
  ["shares", 0.2, (from) => [shareOf(40, 0.4, from), shareOf(60, 0.6, from)]],
  ["rare shares", 0.05, (from) => [shareOf(300, 0.03, from), shareOf(300, 0.08, from)]],
  ["means", 0.5, (from) => [countsOf(80, 0.5, from), countsOf(80, 1, from)]],
  ["medians", 60, (from) => [mediansOf(50, 40, from), mediansOf(70, 100, from)]],
  ["gaps", 30, (from) => [gapOf(100, 50, from), gapOf(80, 80, from)]],
];
const shareOf = (cases: number, share: number, from: () => number): Sample => {
  const hits = Array.from({ length: cases }, from).filter((each) => each < share).length;
  return { measure: "share", hits, cases };
};
const mediansOf = (cases: number, median: number, from: () => number): Sample => {
  return { measure: "median", values: logNormals(cases, median, from) };
};
const gapOf = (cases: number, gap: number, from: () => number): Sample => {
  const fixes = logNormals(cases, 20, from);
  return { measure: "gap", pairs: fixes.map((fix) => [fix * (1 + gap / 20), fix]) };
};
/** Draws numbers of coin tosses before the first head, with the given mean. */
const countsOf = (cases: number, mean: number, from: () => number): Sample => {
  const counts = new Map<number, number>();
  for (let index = 0; index < cases; index++) {
    const count = Math.floor(Math.log(from()) / Math.log(mean / (1 + mean)));
    counts.set(count, (counts.get(count) ?? 0) + 1);
  }
  return { measure: "mean", counts };
};

describe("an interval covers the true difference in 95 of 100 worlds", () => {
  test.each(worlds)("of %s", (_, difference, draw) => {
    const covered = repeated(worldCount, (from) => {
      const compared = compare(...draw(from));
      return compared.enough && compared.low <= difference && difference <= compared.high;
    }).filter(Boolean);
    expect(covered.length / worldCount).toBeGreaterThan(0.92);
    expect(covered.length / worldCount).toBeLessThan(0.985);
  });
});

describe("a comparison says what it does not know", () => {
  test("a side with fewer than 30 cases", () => {
    const compared = compare(shareOf(smallestSide, 0.5, random), { measure: "share", hits: 0, cases: 29 });
    expect(compared).toMatchObject({ enough: false, smallest: 30, after: { cases: 29, value: 0 } });
  });

  test("a side without a case has no value", () => {
    const compared = compare({ measure: "median", values: [] }, { measure: "gap", pairs: [] });
    expect(compared).toEqual({ enough: false, before: { cases: 0 }, after: { cases: 0 }, smallest: 30 });
  });

  test("a share of none has an interval", () => {
    const compared = compare({ measure: "share", hits: 0, cases: 40 }, { measure: "share", hits: 0, cases: 40 });
    expect(compared.enough && compared.high > 0.02 && compared.low < -0.02).toBe(true);
  });

  test("the same samples give the same interval", () => {
    const both = [mediansOf(60, 10, random), mediansOf(60, 12, random)] as const;
    expect(compare(...both)).toEqual(compare(...both));
  });
});
