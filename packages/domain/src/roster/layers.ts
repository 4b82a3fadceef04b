import type { Instant, RotationLayer, RotationPeriod } from "@crossline/contracts";
import { instantOf } from "./local-time.ts";

/**
 * A period of a layer with its index in the list. The period lasts from its first handover until the first handover of the next
 * period.
 */
export type RunningPeriod = {
  readonly period: RotationPeriod;
  readonly place: number;
  readonly from: Instant;
  readonly to: Instant;
};

/** Returns the name by which overrides refer to a layer. */
export function layerName({ name }: RotationLayer, index: number): string {
  return name ?? `layer-${index + 1}`;
}

/** Returns the periods of a layer. A layer with `start` has one period. */
export function periodsOf(layer: RotationLayer): readonly RotationPeriod[] {
  if ("periods" in layer) return layer.periods;
  const { name: _, start: from, ...turns } = layer;
  return [{ from, ...turns }];
}

/**
 * Returns the periods in the order in which they run. If two periods begin at the same instant, the period that is later in the
 * list runs, and the other period never runs.
 */
export function runningPeriods(layer: RotationLayer): readonly RunningPeriod[] {
  const begun = periodsOf(layer)
    .map((period, place) => ({ period, place, from: beginOf(period) }))
    .toSorted((one, other) => one.from - other.from);
  return begun
    .map((one, index) => ({ ...one, to: begun[index + 1]?.from ?? Number.POSITIVE_INFINITY }))
    .filter(({ from, to }) => from < to);
}

function beginOf({ from, handover: time, zone }: RotationPeriod): Instant {
  return instantOf({ date: Temporal.PlainDate.from(from), time, zone }, "start");
}
