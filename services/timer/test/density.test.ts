import { expect, test } from "vitest";
import { type Density, densityAfter, pauseMs, idleDensity } from "../src/schedule/density.ts";

type Pass = { readonly fired: number; readonly at: number };

/** Returns `count` passes with `fired` cases each, at intervals of `everyMs`. */
const passes = (count: number, fired: number, everyMs: number): Pass[] =>
  Array.from({ length: count }, (_, index) => ({ fired, at: 1_000_000 + index * everyMs }));

const after = (history: readonly Pass[]): Density =>
  history.reduce((density, { fired, at }) => densityAfter(density, fired, at), idleDensity);

test.each([
  ["nothing has fired yet", [], 0],
  ["the first case after the start", passes(1, 1, 0), 0],
  ["one case a second", passes(100, 1, 1_000), 0],
  ["100 cases a second, one by one", passes(500, 1, 10), 0],
  ["100 cases a second, two at a time", passes(500, 2, 20), 0],
  ["300 cases a second, one by one", passes(500, 1, 3.3), 10],
  ["1,000 cases a second, one by one", passes(500, 1, 1), 10],
  ["1,000 cases a second, as the pause gathers them", passes(500, 13, 13), 10],
  ["5,000 cases a second, as the pause gathers them", passes(500, 75, 15), 10],
  ["a burst at one instant", passes(1, 1_000, 0), 10],
])("%s: pauses %j for %i ms", (_what, history, pause) => {
  expect(pauseMs(after(history))).toBe(pause);
});

test("the firing of a single case a tenth of a second after a large burst causes no pause", () => {
  for (const crowd of [passes(1, 50_000, 0), passes(500, 10, 10)]) {
    const at = (crowd.at(-1)?.at ?? 0) + 100;
    expect(pauseMs(densityAfter(after(crowd), 1, at))).toBe(0);
  }
});

test("the density decays over passes that fire nothing", () => {
  const crowd = after(passes(500, 1, 1));
  const idle = [10, 20, 30, 40, 50, 60, 70, 80].map((ms) => ({ fired: 0, at: crowd.at + ms }));
  const faded = idle.reduce((density, { fired, at }) => densityAfter(density, fired, at), crowd);
  expect(pauseMs(faded)).toBe(0);
});
