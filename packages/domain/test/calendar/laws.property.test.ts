import { addOpen } from "@crossline/domain";
import { isOpenAt, nextOpening, openBetween, subtractOpen } from "../../src/calendar/calendar.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compiled, hour } from "./given.ts";

const zones = ["America/Toronto", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "Asia/Kathmandu", "UTC"];
const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const time = fc.integer({ min: 0, max: 95 });
const written = (quarter: number): string =>
  `${String(Math.floor(quarter / 4)).padStart(2, "0")}:${String((quarter % 4) * 15).padStart(2, "0")}`;
const intervals = fc
  .uniqueArray(time, { minLength: 2, maxLength: 6 })
  .map((times) => times.toSorted((a, b) => a - b))
  .map((times) =>
    Array.from({ length: Math.floor(times.length / 2) }, (_, index) => {
      const [from = 0, to = 0] = times.slice(index * 2, index * 2 + 2);
      return `${written(from)}-${to === 95 ? "24:00" : written(to)}`;
    }),
  );
const date = fc
  .integer({ min: Date.UTC(2005, 0, 1), max: Date.UTC(2012, 0, 1) })
  .map((at) => new Date(at).toISOString().slice(0, 10));
const calendar = fc
  .record({
    zone: fc.constantFrom(...zones),
    open: fc.array(fc.option(intervals, { nil: [] }), { minLength: 7, maxLength: 7 }),
    exceptions: fc.uniqueArray(fc.record({ date, open: fc.option(intervals, { nil: [] }) }), {
      maxLength: 40,
      selector: (each) => each.date,
    }),
  })
  .map(({ zone, open, exceptions }) =>
    compiled({ zone, week: Object.fromEntries(days.map((day, index) => [day, open[index] ?? []])), exceptions }),
  );
const instant = fc.integer({ min: Date.UTC(2005, 0, 1), max: Date.UTC(2012, 0, 1) });
const span = fc.integer({ min: 1, max: 500 * hour });

test("addOpen, subtractOpen and openBetween agree", () => {
  fc.assert(
    fc.property(calendar, instant, span, (hours, at, open) => {
      const to = addOpen(hours, at, open);
      expect(openBetween(hours, at, to)).toBe(open);
      // Until one millisecond before `to`, the open time is one millisecond less than `open`.
      expect(openBetween(hours, at, to - 1)).toBe(open - 1);
      const from = subtractOpen(hours, at, open);
      expect(openBetween(hours, from, at)).toBe(open);
      // From one millisecond after `from`, the open time is also one millisecond less than `open`.
      expect(openBetween(hours, from + 1, at)).toBe(open - 1);
      expect(isOpenAt(hours, from)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("with a later start or more open time, addOpen never gives an earlier instant, and open times add up", () => {
  fc.assert(
    fc.property(calendar, instant, span, span, (hours, at, open, more) => {
      expect(addOpen(hours, at, open + more)).toBeGreaterThan(addOpen(hours, at, open));
      expect(addOpen(hours, at + more, open)).toBeGreaterThanOrEqual(addOpen(hours, at, open));
      expect(subtractOpen(hours, at, open + more)).toBeLessThan(subtractOpen(hours, at, open));
      expect(addOpen(hours, addOpen(hours, at, open), more)).toBe(addOpen(hours, at, open + more));
      const middle = at + more;
      const end = middle + open;
      expect(openBetween(hours, at, middle) + openBetween(hours, middle, end)).toBe(openBetween(hours, at, end));
    }),
    { numRuns: 500 },
  );
});

test("the calendar is open at its next opening, and closed until then", () => {
  fc.assert(
    fc.property(calendar, instant, (hours, at) => {
      const opening = nextOpening(hours, at);
      expect(isOpenAt(hours, opening)).toBe(true);
      expect(openBetween(hours, at, opening)).toBe(0);
      expect(addOpen(hours, at, 0)).toBe(opening);
    }),
    { numRuns: 500 },
  );
});
