import { type Direction, median } from "../frame.ts";
import type { Amount, Reading } from "../measurement-text.ts";

type Verdict = "fell" | "held" | "rose" | "new" | "gone";

/** One line of both builds. */
export type MeasurementComparison = {
  readonly name: string;
  /** Of the numbers: `ms`, or `×` where ratios are compared. */
  readonly unit: string;
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly verdict: Verdict;
};

/** So far may a median be from the earlier rounds' worst, or best, without being called another. */
const tolerance = 0.1;

/**
 * Holds each line against the same line of the build before. It has fallen where its median is worse than the worst of the
 * rounds before by more than a tenth, and risen where it is better than the best by as much. The number that was measured
 * is compared; the ratio, where a figure has no unit or another one now. A round that measured nothing (NaN) counts as worst.
 */
export function compareReadings(before: readonly Reading[], after: readonly Reading[]): MeasurementComparison[] {
  const names = [...new Set([...after, ...before].map(({ name }) => name))];
  return names.map((name) => {
    const [old, fresh] = [before, after].map((all) => all.filter((reading) => reading.name === name));
    return compareMeasurement(name, old ?? [], fresh ?? []);
  });
}

function compareMeasurement(
  name: string,
  before: readonly Reading[],
  after: readonly Reading[],
): MeasurementComparison {
  const units = new Set([...before, ...after].map(({ measured }) => measured?.unit));
  const [unit] = units;
  const isMeasured = units.size === 1 && unit !== undefined;
  const amounts = (readings: readonly Reading[]): Amount[] =>
    readings.flatMap(({ measured, ratio }) => (isMeasured ? (measured ?? []) : ratio));
  const [old, fresh] = [amounts(before), amounts(after)];
  const better = after.find((reading) => reading.better !== undefined)?.better ?? "lower";
  return {
    name,
    unit: isMeasured ? unit : "×",
    before: old.map(({ number }) => number),
    after: fresh.map(({ number }) => number),
    verdict: verdictOf(old, fresh, better),
  };
}

function verdictOf(before: readonly Amount[], after: readonly Amount[], better: Direction): Verdict {
  const known = before.filter(({ number }) => Number.isFinite(number));
  if (after.length === 0) return "gone";
  if (known.length === 0) return "new";
  // As if lower were better, whatever is.
  const sign = better === "lower" ? 1 : -1;
  const signed = known.map(({ number }) => sign * number);
  const now = median(after.map(({ number }) => (Number.isFinite(number) ? sign * number : Infinity)));
  const grain = Math.max(...known.map((one) => one.grain));
  const [best, worst] = [Math.min(...signed), Math.max(...signed)];
  if (now > worst + Math.abs(worst) * tolerance + grain) return "fell";
  return now < best - Math.abs(best) * tolerance - grain ? "rose" : "held";
}
