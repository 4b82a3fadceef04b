import { type Instant, type RosterDocument, parseInstant } from "@crossline/contracts";
import { type RunningPeriod, layerName, runningPeriods } from "./layers.ts";
import { type TurnCount, countedTurns, personOfTurn } from "./turns.ts";

type Window = { readonly from: Instant; readonly to: Instant };

export type CompiledLayer = { readonly name: string; readonly periods: readonly RunningPeriod[] };

/** A roster with its texts read as instants once, so that it can be asked for many. */
export type CompiledRoster = {
  readonly layers: readonly CompiledLayer[];
  readonly overrides: readonly (Window & { readonly layer: string | undefined; readonly person: string | null })[];
  readonly swaps: readonly (Window & { readonly between: readonly string[] })[];
};

/** Reads a roster that lints; throws a RangeError where an instant or a date cannot be read. */
export function compileRoster({ rotation, overrides = [], swaps = [] }: RosterDocument): CompiledRoster {
  return {
    layers: rotation.map((layer, index) => ({ name: layerName(layer, index), periods: runningPeriods(layer) })),
    overrides: overrides.map(({ from, to, layer, person }) => ({ ...windowOf(from, to), layer, person })),
    swaps: swaps.map(({ from, to, between }) => ({ ...windowOf(from, to), between })),
  };
}

/** A layer's person at an instant: who stands in for all layers or for this one, else whose turn it is, unless two have swapped. */
export function personOnDuty(
  { overrides, swaps }: CompiledRoster,
  { name, periods }: CompiledLayer,
  at: Instant,
  count: TurnCount = countedTurns,
): string | null {
  const running = overrides.filter((one) => isWithin(one, at));
  const override = running.find(({ layer }) => layer === undefined) ?? running.find(({ layer }) => layer === name);
  if (override !== undefined) return override.person;
  const period = periods.find((one) => isWithin(one, at))?.period;
  const turn = period && personOfTurn(period, at, count);
  if (turn === undefined) return null;
  const swap = swaps.find((one) => one.between.includes(turn) && isWithin(one, at));
  return swap?.between.find((other) => other !== turn) ?? turn;
}

/** Whether a window has this instant: from its first until before its last. */
function isWithin({ from, to }: Window, at: Instant): boolean {
  return from <= at && at < to;
}

function windowOf(from: string, to: string): Window {
  return { from: parseInstant(from), to: parseInstant(to) };
}
