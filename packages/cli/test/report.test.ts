import { expect, test } from "vitest";
import { formatValue } from "../src/verbs/report.ts";

test.each([
  [0.625, "share", "62.5 %"],
  [1.254, "mean", "1.25"],
  [3, "count", "3"],
  [0, "milliseconds", "0 s"],
  [45_000, "milliseconds", "45 s"],
  [1_230_000, "milliseconds", "20 min 30 s"],
  [3_600_000, "milliseconds", "1 h 0 min"],
  [90_061_000, "milliseconds", "1 d 1 h"],
  [-7_080_000, "milliseconds", "−1 h 58 min"],
  [null, "milliseconds", "–"],
] as const)("the value %s of the unit %s is shown as %s", (value, unit, text) => {
  expect(formatValue(value, unit)).toBe(text);
});
