import { type Direction, median } from "../frame.ts";
import type { Amount, PrintedMeasurement } from "../measurement-text.ts";

type Verdict = "fell" | "held" | "rose" | "new" | "gone";

/** One result of both builds. */
export type MeasurementComparison = {
  readonly name: string;
  /** The unit of the numbers: `ms`, or `×` if ratios are compared. */
  readonly unit: string;
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly verdict: Verdict;
};

/** The share by which a median may differ from the worst or best round of the base without a change of verdict. */
const tolerance = 0.1;

/**
 * Compares each result with the same result of the base. A result has fallen if its median is worse than the worst round of
 * the base by more than a tenth. A result has risen if its median is better than the best round of the base by more than a
 * tenth. The comparison uses the measured numbers. If a result has no unit, or different units in the two builds, the
 * comparison uses the ratios. A round without a number (NaN) counts as the worst.
 */
export function compareMeasurements(
  before: readonly PrintedMeasurement[],
  after: readonly PrintedMeasurement[],
): MeasurementComparison[] {
  const names = [...new Set([...after, ...before].map(({ name }) => name))];
  return names.map((name) => {
    const [old, fresh] = [before, after].map((all) => all.filter((reading) => reading.name === name));
    return compareMeasurement(name, old ?? [], fresh ?? []);
  });
}

function compareMeasurement(
  name: string,
  before: readonly PrintedMeasurement[],
  after: readonly PrintedMeasurement[],
): MeasurementComparison {
  const units = new Set([...before, ...after].map(({ measured }) => measured?.unit));
  const [unit] = units;
  const isMeasured = units.size === 1 && unit !== undefined;
  const amounts = (readings: readonly PrintedMeasurement[]): Amount[] =>
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
  const finite = before.filter(({ number }) => Number.isFinite(number));
  if (after.length === 0) return "gone";
  if (finite.length === 0) return "new";
  // With this sign, a lower number is better for every result.
  const sign = better === "lower" ? 1 : -1;
  const signed = finite.map(({ number }) => sign * number);
  const now = median(after.map(({ number }) => (Number.isFinite(number) ? sign * number : Infinity)));
  const grain = Math.max(...finite.map((one) => one.grain));
  const [best, worst] = [Math.min(...signed), Math.max(...signed)];
  if (now > worst + Math.abs(worst) * tolerance + grain) return "fell";
  return now < best - Math.abs(best) * tolerance - grain ? "rose" : "held";
}
