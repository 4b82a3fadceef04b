import type { RotationLayer, RotationPeriod } from "@crossline/contracts";

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
