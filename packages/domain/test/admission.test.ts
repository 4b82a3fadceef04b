import { expect, test } from "vitest";
import fc from "fast-check";
import { type RateLimit, nextRateLimit, noRateLimit, shareOut } from "../src/index.ts";
import { leastPerSecond } from "../src/admission/rate-limit.ts";

const limit = 1_000;

const at = (perSecond: number, backlog = 0, hold = 0): RateLimit => ({ perSecond, backlog, hold });

test.for<[string, RateLimit, number, number, number]>([
  // Each row: the rate limit, the backlog, the admitted requests, and the next rate.
  ["stays unlimited with a small backlog", at(Infinity), 0, 5_000, Infinity],
  ["stays unlimited up to the limit of the backlog", at(Infinity), 1_000, 5_000, Infinity],
  ["decreases a little from the admitted rate just above the limit", at(Infinity), 1_001, 5_000, 4_500],
  ["decreases in proportion to the excess over the limit", at(Infinity), 1_250, 5_000, 4_000],
  ["decreases from unlimited to at least 0.3 of the admitted rate", at(Infinity), 100_000, 5_000, 1_500],
  ["decreases later to at least 0.7", at(1_000), 100_000, 5_000, 700],
  ["never decreases below the minimum", at(120), 100_000, 5_000, leastPerSecond],
  ["stays while the backlog decreases", at(1_000, 2_501), 2_500, 1_000, 1_000],
  ["stays until the last decrease has an effect", at(1_000, 2_000, 1), 2_500, 1_000, 1_000],
  ["stays between half of the limit and the limit", at(700), 750, 700, 700],
  ["increases below half of the limit", at(800), 500, 800, 832],
  ["becomes unlimited if it delays no request", at(3_000), 0, 1_000, Infinity],
  ["becomes unlimited without requests", at(290), 0, 0, Infinity],
  ["does not react to a backlog without requests", at(Infinity), 100_000, 0, Infinity],
])("the admitted rate: %s", ([, rateLimit, backlog, admitted, next]) => {
  const moved = nextRateLimit(rateLimit, { backlog, admitted }, limit);
  expect(moved.perSecond).toBeCloseTo(next);
  expect(moved.backlog).toBe(backlog);
});

test("an installation keeps working at three times its capacity, and admits every request again at most 10 s after this load", () => {
  const perPassSeconds = 0.25;
  const lateBy = 2; // The number of passes after which a measured backlog changes the rate.
  let rateLimit: RateLimit = noRateLimit;
  const backlogs = [0];
  const handled: number[] = [];
  const pass = (requested: number): void => {
    const admitted = Math.min(requested, rateLimit.perSecond);
    const before = backlogs.at(-1) ?? 0;
    handled.push(Math.min(2_000, before / perPassSeconds + admitted));
    backlogs.push(Math.max(0, before + (admitted - 2_000) * perPassSeconds));
    rateLimit = nextRateLimit(rateLimit, { backlog: backlogs.at(-1 - lateBy) ?? 0, admitted }, limit);
  };
  for (let second = 0; second < 60; second += perPassSeconds) pass(6_000);
  expect(Math.max(...backlogs.slice(40))).toBeLessThan(3 * limit);
  expect(handled.reduce((sum, one) => sum + one, 0) / handled.length).toBeGreaterThan(0.8 * 2_000);
  let passes = 0;
  for (; rateLimit.perSecond !== Infinity; passes++) pass(500);
  expect(passes * perPassSeconds).toBeLessThan(10);
  expect(backlogs.at(-1)).toBe(0);
});

test.each<[number, Record<string, number>, Record<string, number>]>([
  [90, { flood: 1_000 }, { flood: 90 }],
  [90, { flood: 1_000, desk: 10 }, { flood: 80, desk: 10 }],
  [90, { flood: 1_000, other: 1_000, desk: 10 }, { flood: 40, other: 40, desk: 10 }],
  [90, { a: 20, b: 20 }, { a: 20, b: 20 }],
  [90, {}, {}],
])("a rate of %d is shared by parties with these demands: %o", (budget, demands, shares) => {
  expect(Object.fromEntries(shareOut(budget, new Map(Object.entries(demands))))).toEqual(shares);
});

test("if a company gets less than its demand, no company gets more than this company, and the whole rate is shared out", () => {
  const demands = fc.dictionary(fc.string({ maxLength: 4 }), fc.nat(1_000), { maxKeys: 12 });
  fc.assert(
    fc.property(fc.nat(3_000), demands, (budget, asked) => {
      const wanted = new Map(Object.entries(asked));
      const shares = shareOut(budget, wanted);
      const given = [...shares.values()].reduce((sum, share) => sum + share, 0);
      expect(given).toBeLessThanOrEqual(budget + 1e-6);
      const most = Math.max(0, ...shares.values());
      for (const [party, demand] of wanted) {
        const share = shares.get(party) ?? Number.NaN;
        expect(share).toBeLessThanOrEqual(demand);
        if (share >= demand) continue;
        expect(share).toBeCloseTo(most);
        expect(given).toBeCloseTo(budget);
      }
    }),
  );
});
