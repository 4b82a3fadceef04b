import { expect, test } from "vitest";
import type { Measurement } from "../frame.ts";
import { formatMeasurement, parseMeasurement } from "../measurement-text.ts";

const measured = (number: number, unit: string, grain: number) => ({ number, unit, grain });

test.each([
  ["p99 lateness: 24 ms, p50 11 ms, ratio 0.48x (reaches its aim)", measured(24, "ms", 0.5), 0.48, undefined],
  ["a rate: 27,240/s, ratio 0.56x (MISSES ITS MUST)", measured(27_240, "/s", 0.5), 0.56, undefined],
  ["per firing: 0.385 ms, p99 26 ms, ratio 1.07x (lower is better)", measured(0.385, "ms", 0.0005), 1.07, "lower"],
  ["cores: 5,775,041/s, ratio 0.12x (higher is better, as it must)", measured(5_775_041, "/s", 0.5), 0.12, "higher"],
  ["idle CPU of timer: 0.63 % of a core, 80 MiB, ratio 0.63x", measured(0.63, "%", 0.005), 0.63, undefined],
  ["after a crash: restart + 41 ms, ratio 1.06x", measured(41, "ms", 0.5), 1.06, undefined],
  ["CPU of a request: 174 µs and 92 µs of PostgreSQL's, ratio 1.05x", measured(174, "µs", 0.5), 1.05, undefined],
  ["seen: 1800 of 1800, the flood 2018/s, ratio 1.00x (as it must)", undefined, 1, undefined],
  ["lost: 0, ratio 0.00x (as it must)", undefined, 0, undefined],
  ["nothing came: NaN ms, ratio NaNx", undefined, NaN, undefined],
])("parses %j", (text, amount, ratio, better) => {
  const read = parseMeasurement(text);
  expect([read?.name, read?.measured, read?.ratio.number, read?.better]).toEqual([
    text.split(":")[0],
    amount,
    ratio,
    better,
  ]);
});

test.each(["timers-lateness: skipped, it needs Java 17", "timers-lateness: FAILED", "", "ratio 1.00x"])(
  "the parser returns undefined for %j",
  (text) => expect(parseMeasurement(text)).toBeUndefined(),
);

test.each<[Measurement, string]>([
  [
    { name: "a", figure: "24 ms", ratio: 0.48, against: "50 ms", aim: { atMost: 1 } },
    "a: 24 ms, ratio 0.48x (lower is better, reaches its aim)",
  ],
  [
    { name: "b", figure: "2/s", ratio: 1.5, against: "x", must: { atLeast: 1 }, aim: { atLeast: 2 } },
    "b: 2/s, ratio 1.50x (higher is better, as it must)",
  ],
  [
    { name: "c", figure: "9 s", ratio: 3, against: "x", value: 9, must: { atMost: 7 } },
    "c: 9 s, ratio 3.00x (lower is better, MISSES ITS MUST)",
  ],
  [{ name: "d", figure: "9/s", ratio: 3, against: "x", better: "higher" }, "d: 9/s, ratio 3.00x (higher is better)"],
])("the parser reads every result that the formatter writes", (figure, text) => {
  expect(formatMeasurement(figure)).toBe(text);
  expect(parseMeasurement(text)).toMatchObject({ name: figure.name, ratio: { number: figure.ratio } });
});
