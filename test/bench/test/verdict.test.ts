import { expect, test } from "vitest";
import { tableOf } from "../against/table.ts";
import { compareMeasurements } from "../against/verdict.ts";
import { type PrintedMeasurement, parseMeasurement } from "../measurement-text.ts";

/** Parses results as a build prints them. The earlier build prints no direction. */
const before = (...figures: string[]): PrintedMeasurement[] =>
  figures.flatMap((text) => parseMeasurement(`p99: ${text}`) ?? []);
const after = (better: string, ...figures: string[]): PrintedMeasurement[] =>
  before(...figures.map((text) => `${text} (${better} is better)`));
const ms = (...numbers: number[]) => numbers.map((number) => `${number.toFixed(1)} ms, ratio 1.00x`);
const rates = (...numbers: number[]) => numbers.map((number) => `${number}/s, ratio 1.00x`);
const counts = (...ratios: string[]) => ratios.map((ratio) => `9 of 9, ratio ${ratio}x`);

/** The printed results of each build, by round. */
type Rounds = readonly [earlier: string[], later: string[]];

test.each<[what: string, better: string, rounds: Rounds, verdict: string]>([
  ["the same numbers", "lower", [ms(20, 22, 24), ms(20, 22, 24)], "held"],
  [
    "worse than the median by a quarter, but not than the worst by a tenth",
    "lower",
    [ms(20, 20, 24), ms(26, 26, 26)],
    "held",
  ],
  ["worse than the worst by more than a tenth", "lower", [ms(20, 22, 24), ms(27, 27, 27)], "fell"],
  ["one slow round of three", "lower", [ms(20, 22, 24), ms(20, 90, 22)], "held"],
  ["two slow rounds of three", "lower", [ms(20, 22, 24), ms(20, 90, 80)], "fell"],
  ["better than the best by more than a tenth", "lower", [ms(20, 22, 24), ms(10, 11, 90)], "rose"],
  ["a lower rate", "higher", [rates(1000, 900, 1100), rates(700, 800, 805)], "fell"],
  ["a rate within a tenth of the lowest", "higher", [rates(1000, 900, 1100), rates(700, 820, 900)], "held"],
  ["a higher rate", "higher", [rates(1000, 900, 1100), rates(1300, 1300, 1000)], "rose"],
  ["a complete count", "higher", [counts("1.00", "1.00", "1.00"), counts("1.00", "1.00", "1.00")], "held"],
  ["an incomplete count", "higher", [counts("1.00", "1.00", "1.00"), counts("0.80", "0.80", "1.00")], "fell"],
  ["none lost before and one now", "lower", [counts("0.00", "0.00", "0.00"), counts("1.00", "1.00", "1.00")], "fell"],
  ["a change below the printed digits", "lower", [["1 ms, ratio 1.00x"], ["1.5 ms, ratio 1.00x"]], "held"],
  ["another unit with the same ratio", "lower", [["900 µs, ratio 1.00x"], ["1 ms, ratio 1.05x"]], "held"],
  ["another unit with a worse ratio", "lower", [["900 µs, ratio 1.00x"], ["1 ms, ratio 1.50x"]], "fell"],
  ["no number now", "lower", [ms(20, 22, 24), ["NaN ms, ratio NaNx", "NaN ms, ratio NaNx"]], "fell"],
  ["no number before", "lower", [["NaN ms, ratio NaNx"], ms(20)], "new"],
  ["a new result", "lower", [[], ms(20, 20, 20)], "new"],
  ["a removed result", "lower", [ms(20, 20, 20), []], "gone"],
])("%s", (_what, better, [old, fresh], verdict) => {
  const [line, ...others] = compareMeasurements(before(...old), after(better, ...fresh));
  expect(others).toEqual([]);
  expect(line?.verdict).toBe(verdict);
});

test("the table has one row for each result, with the rounds and medians of both builds", () => {
  const [old, fresh] = [before(...ms(20, 22, 24)), after("lower", ...ms(30, 31, 32))];
  const added = [parseMeasurement("rate: 1,234/s, ratio 2.00x (higher is better)")].flatMap((reading) => reading ?? []);
  expect(tableOf(compareMeasurements(old, [...fresh, ...added])).split("\n")).toEqual([
    "line  unit  base      this tree  medians    verdict",
    "p99   ms    20 22 24  30 31 32   22 → 31    fell",
    "rate  /s              1,234      — → 1,234  new",
  ]);
});
