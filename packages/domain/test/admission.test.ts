import { expect, test } from "vitest";
import fc from "fast-check";
import { type Gate, admittedAtLeast, nextGate, openGate, shareOut } from "../src/index.ts";

const limit = 1_000;

test.each<[string, number, number, number, number]>([
  // gate, backlog, admitted → next
  ["open stays open while little waits", Infinity, 0, 5_000, Infinity],
  ["open stays open up to the limit", Infinity, 1_000, 5_000, Infinity],
  ["a little too much closes it a little, from what came in", Infinity, 1_001, 5_000, 4_250],
  ["twice too much halves it", Infinity, 2_000, 5_000, 2_500],
  ["never by more than to 0.4 in one look", Infinity, 100_000, 5_000, 2_000],
  ["from the gate where that is below what came in", 1_000, 2_000, 5_000, 500],
  ["never below the least", 150, 100_000, 5_000, admittedAtLeast],
  ["held between half and all of the limit", 700, 750, 700, 700],
  ["grows by a quarter below half", 800, 500, 800, 1_000],
  ["opens where it holds nobody up any more", 4_000, 0, 1_000, Infinity],
  ["opens at rest", 390, 0, 0, Infinity],
  ["does not move for what waits while nobody comes in", Infinity, 100_000, 0, Infinity],
])("the gate: %s", (_, perSecond, backlog, admitted, next) => {
  expect(nextGate({ perSecond }, { backlog, admitted }, limit)).toEqual({ perSecond: next });
});

test("a platform that takes 2,000 a second is kept within its limit under thrice as much, and opens within 10 s after it", () => {
  const perLook = 0.25;
  let gate: Gate = openGate;
  let backlog = 0;
  const seen: number[] = [];
  const look = (asked: number): void => {
    const admitted = Math.min(asked, gate.perSecond);
    backlog = Math.max(0, backlog + (admitted - 2_000) * perLook);
    seen.push(backlog);
    gate = nextGate(gate, { backlog, admitted }, limit);
  };
  for (let second = 0; second < 60; second += perLook) look(6_000);
  expect(Math.max(...seen.slice(20))).toBeLessThan(2 * limit);
  let looks = 0;
  for (; gate.perSecond !== Infinity; looks++) look(500);
  expect(looks * perLook).toBeLessThan(10);
  expect(backlog).toBe(0);
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
