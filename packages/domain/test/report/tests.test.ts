import { describe, expect, test } from "vitest";
import { holm, upperTail } from "../../src/index.ts";
import { exceedances } from "../../src/report/exceedance.ts";
import { upperQuantile } from "../../src/report/normal.ts";

// The expected numbers of the tests in this file are those of SciPy 1.17.1 (scipy.stats).
test.each([
  [-1.6448536269514722, 0.95],
  [0, 0.5],
  [0.5, 0.3085375387259869],
  [2.4999, 0.006211418374944587],
  [2.5, 0.006209665325776132],
  [3, 0.0013498980316300933],
  [6, 9.865876450376946e-10],
  [8, 6.22096057427174e-16],
  [30, 4.906713927147908e-198],
])("the upper tail of the normal distribution at %d is %d", (z, probability) => {
  expect(upperTail(z) / probability).toBeCloseTo(1, 9);
});

test.each([
  [0.025, 1.9599639845400545],
  [1e-6, 4.753424308822899],
  [1e-12, 7.034483825301131],
])("a normal number is above the quantile with the probability %d", (probability, z) => {
  expect(upperQuantile(probability)).toBeCloseTo(z, 9);
});

test("Holm's method multiplies the smallest probability by the number of comparisons, and the next ones by less", () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holm([0.5, 0.9])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});

const a = [3, 5, 8, 8, 9, 12, 15, 15, 20, 22];
const b = [1, 2, 3, 4, 4, 5, 6, 8, 9, 10, 11, 2.5];
const measured = (group: string, values: readonly number[], stratum = "phone") =>
  values.map((value) => ({ group, stratum, value, isReference: true }));

describe("the rank test of a group against the others", () => {
  test("gives the probability of Mann and Whitney in one stratum, with ties", () => {
    const found = exceedances([...measured("a", a), ...measured("b", b)], 1);
    expect(found.get("a")).toBeCloseTo(0.007913568850928105, 12);
    expect(found.get("b")).toBeCloseTo(1 - 0.007913568850928105, 12);
  });

  test("divides the group's numbers by the smallest effect", () => {
    const found = exceedances(
      [
        ...measured(
          "a",
          a.map((each) => each * 1.5),
        ),
        ...measured("b", b),
      ],
      1.5,
    );
    expect(found.get("a")).toBeCloseTo(0.0079, 3);
  });

  test("compares only within a stratum: a channel with long holds makes no group long", () => {
    const slow = (values: readonly number[]) => values.map((value) => value + 1_000);
    const mixed = [
      ...measured("a", a),
      ...measured("b", b),
      ...measured("a", slow(a), "mail"),
      ...measured("b", slow(b), "mail"),
    ];
    const alone = exceedances(mixed, 1);
    // Two strata with the same ranks: the excess doubles, and the deviation grows by the square root of two.
    expect(alone.get("a")).toBeCloseTo(upperTail(upperQuantile(0.007913568850928105) * Math.SQRT2), 9);
    const oneSided = [...measured("a", slow(b), "mail"), ...measured("b", slow(b), "mail"), ...measured("b", b)];
    expect(exceedances(oneSided, 1).get("a")).toBeCloseTo(0.5, 9);
  });

  test("does not compare a number with another group's number that is no reference", () => {
    const noReference = measured("b", [1_000, 2_000]).map((each) => ({ ...each, isReference: false }));
    const found = exceedances([...measured("a", a), ...measured("b", b), ...noReference], 1);
    expect(found.get("a")).toBeCloseTo(0.007913568850928105, 12);
  });

  test("gives 1 for a group that is alone in its stratum, or equal to all others", () => {
    expect(exceedances(measured("a", a), 1).get("a")).toBe(1);
    expect(exceedances([...measured("a", [5, 5]), ...measured("b", [5, 5, 5])], 1).get("a")).toBe(1);
  });
});
