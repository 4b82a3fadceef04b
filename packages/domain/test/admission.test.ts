import { expect, test } from "vitest";
import fc from "fast-check";
import { type RateLimit, nextRateLimit, noRateLimit, shareOut } from "../src/index.ts";
import { leastPerSecond } from "../src/admission/rate-limit.ts";

const limit = 1_000;

const at = (perSecond: number, backlog = 0, hold = 0): RateLimit => ({ perSecond, backlog, hold });

test.for<[string, RateLimit, number, number, number]>([
  // gate, what waits, admitted → next
  ["open stays open while little waits", at(Infinity), 0, 5_000, Infinity],
  ["open stays open up to the limit", at(Infinity), 1_000, 5_000, Infinity],
  ["a little too much closes it a little, from what came in", at(Infinity), 1_001, 5_000, 4_500],
  ["by as much as the limit is passed", at(Infinity), 1_250, 5_000, 4_000],
  ["from open never to less than 0.3 of what came in", at(Infinity), 100_000, 5_000, 1_500],
  ["later never to less than 0.7", at(1_000), 100_000, 5_000, 700],
  ["never below the least", at(120), 100_000, 5_000, leastPerSecond],
  ["held while what waits falls by itself", at(1_000, 2_501), 2_500, 1_000, 1_000],
  ["held until the last closing shows", at(1_000, 2_000, 1), 2_500, 1_000, 1_000],
  ["held between half and all of the limit", at(700), 750, 700, 700],
  ["grows below half", at(800), 500, 800, 832],
  ["opens where it holds nobody up any more", at(3_000), 0, 1_000, Infinity],
  ["opens at rest", at(290), 0, 0, Infinity],
  ["does not move for what waits while nobody comes in", at(Infinity), 100_000, 0, Infinity],
])("the gate: %s", ([, gate, backlog, admitted, next]) => {
  const moved = nextRateLimit(gate, { backlog, admitted }, limit);
  expect(moved.perSecond).toBeCloseTo(next);
  expect(moved.backlog).toBe(backlog);
});

test("a platform that takes 2,000 a second works under thrice as much, and is open again 10 s after it", () => {
  const perLook = 0.25;
  const lateBy = 2; // looks
  let gate: RateLimit = noRateLimit;
  const backlogs = [0];
  const taken: number[] = [];
  const look = (asked: number): void => {
    const admitted = Math.min(asked, gate.perSecond);
    const before = backlogs.at(-1) ?? 0;
    taken.push(Math.min(2_000, before / perLook + admitted));
    backlogs.push(Math.max(0, before + (admitted - 2_000) * perLook));
    gate = nextRateLimit(gate, { backlog: backlogs.at(-1 - lateBy) ?? 0, admitted }, limit);
  };
  for (let second = 0; second < 60; second += perLook) look(6_000);
  expect(Math.max(...backlogs.slice(40))).toBeLessThan(3 * limit);
  expect(taken.reduce((sum, one) => sum + one, 0) / taken.length).toBeGreaterThan(0.8 * 2_000);
  let looks = 0;
  for (; gate.perSecond !== Infinity; looks++) look(500);
  expect(looks * perLook).toBeLessThan(10);
  expect(backlogs.at(-1)).toBe(0);
});

test.each<[number, Record<string, number>, Record<string, number>]>([
  [90, { flood: 1_000 }, { flood: 90 }],
  [90, { flood: 1_000, desk: 10 }, { flood: 80, desk: 10 }],
  [90, { flood: 1_000, other: 1_000, desk: 10 }, { flood: 40, other: 40, desk: 10 }],
  [90, { a: 20, b: 20 }, { a: 20, b: 20 }],
  [90, {}, {}],
])("%d among %o", (budget, demands, shares) => {
  expect(Object.fromEntries(shareOut(budget, new Map(Object.entries(demands))))).toEqual(shares);
});

test("whoever gets less than it asks for gets no less than anybody else, and nothing is left over then", () => {
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
