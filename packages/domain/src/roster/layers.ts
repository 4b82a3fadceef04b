import type { Instant, RotationLayer, RotationPeriod } from "@crossline/contracts";
import { instantOf } from "./local-time.ts";

/** A period of a layer with its place there, from its first handover until before the next period's. */
export type RunningPeriod = {
  readonly period: RotationPeriod;
  readonly place: number;
  readonly from: Instant;
  readonly to: Instant;
};

/** The name of a layer by which overrides find it. */
export function layerName({ name }: RotationLayer, index: number): string {
  return name ?? `layer-${index + 1}`;
}

/** The periods of a layer; one that is written with `start` has one. */
export function periodsOf(layer: RotationLayer): readonly RotationPeriod[] {
  if ("periods" in layer) return layer.periods;
  const { name: _, start: from, ...turns } = layer;
  return [{ from, ...turns }];
}

/** The periods in the order in which they run. Of two that begin at once the later one in the list runs, and the other never does. */
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
