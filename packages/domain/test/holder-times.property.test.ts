import fc from "fast-check";
import { expect, test } from "vitest";
import { hasHeld, timesByHolder } from "../src/index.ts";
import { type HolderTimes, beginTimes, endTimes, changeHolder, resumeTimes } from "../src/holder-times.ts";

type Act = { readonly does: "hold" | "end" | "resume"; readonly party: string; readonly afterMs: number };

const party = fc.constantFrom("northtel", "orchard", "quill");
const act: fc.Arbitrary<Act> = fc.record({
  does: fc.constantFrom("hold", "hold", "end", "resume"),
  party,
  afterMs: fc.integer({ min: 0, max: 1_000 }),
});
const acts = fc.array(act, { maxLength: 30 });

function apply(times: HolderTimes, { does, party: holder }: Act, at: number): HolderTimes {
  if (does === "hold") return changeHolder(times, holder, at);
  return does === "end" ? endTimes(times, at) : resumeTimes(times, at);
}

function sumOf(times: HolderTimes, at: number): number {
  return Object.values(timesByHolder(times, at)).reduce((sum, ms) => sum + ms, 0);
}

test("3: at every instant the times add up to the time for which the case has been open", () => {
  fc.assert(
    fc.property(acts, (played) => {
      let times = beginTimes("northtel", 0);
      let now = 0;
      let open = 0;
      for (const one of played) {
        if (times.endedAt === undefined) open += one.afterMs;
        now += one.afterMs;
        expect(sumOf(times, now)).toBe(open);
        times = apply(times, one, now);
        expect(sumOf(times, now)).toBe(open);
      }
    }),
  );
});

test("no company's time decreases, and every former holder keeps its time", () => {
  fc.assert(
    fc.property(acts, (played) => {
      let times = beginTimes("northtel", 0);
      let now = 0;
      for (const one of played) {
        const before = timesByHolder(times, now);
        now += one.afterMs;
        times = apply(times, one, now);
        const after = timesByHolder(times, now);
        for (const [holder, ms] of Object.entries(before)) expect(after[holder]).toBeGreaterThanOrEqual(ms);
        expect(Object.keys(after).every((holder) => hasHeld(times, holder))).toBe(true);
      }
    }),
  );
});

test("a change of holder that is read late neither removes nor adds time", () => {
  fc.assert(
    fc.property(acts, fc.integer({ min: -2_000, max: 0 }), party, (played, lateMs, holder) => {
      let times = beginTimes("northtel", 0);
      let now = 0;
      for (const one of played) {
        now += one.afterMs;
        times = apply(times, one, now);
      }
      const late = changeHolder(times, holder, Math.max(0, now + lateMs));
      expect(sumOf(late, now)).toBe(sumOf(times, now));
    }),
  );
});

test("a second end or a second reopening changes nothing", () => {
  const ended = endTimes(changeHolder(beginTimes("northtel", 0), "orchard", 40), 100);
  expect(endTimes(ended, 300)).toEqual(ended);
  const resumed = resumeTimes(ended, 500);
  expect(resumeTimes(resumed, 900)).toBe(resumed);
  expect(timesByHolder(resumed, 510)).toEqual({ northtel: 40, orchard: 70 });
});

test("intake and routing can read a row of an earlier version, in which `heldSince` is the end of the case", () => {
  const asStored = { holder: "northtel", heldSince: 100, heldMs: { northtel: 70, orchard: 30 }, endedAt: 100 };
  expect(timesByHolder(asStored, 900)).toEqual({ northtel: 70, orchard: 30 });
  expect(timesByHolder(resumeTimes(asStored, 900), 950)).toEqual({ northtel: 120, orchard: 30 });
});
