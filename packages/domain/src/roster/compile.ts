import { type Instant, type RosterDocument, parseInstant } from "@crossline/contracts";
import { type RunningPeriod, layerName, runningPeriods } from "./layers.ts";
import { type TurnCount, countedTurns, personOfTurn } from "./turns.ts";

type Window = { readonly from: Instant; readonly to: Instant };

export type CompiledLayer = { readonly name: string; readonly periods: readonly RunningPeriod[] };

/** A roster with parsed instants, for many queries. */
export type CompiledRoster = {
  readonly layers: readonly CompiledLayer[];
  readonly overrides: readonly (Window & { readonly layer: string | undefined; readonly person: string | null })[];
  readonly swaps: readonly (Window & { readonly between: readonly string[] })[];
};

/** Compiles a roster without lint faults. Throws a RangeError if an instant or a date cannot be parsed. */
export function compileRoster({ rotation, overrides = [], swaps = [] }: RosterDocument): CompiledRoster {
  return {
    layers: rotation.map((layer, index) => ({ name: layerName(layer, index), periods: runningPeriods(layer) })),
    overrides: overrides.map(({ from, to, layer, person }) => ({ ...windowOf(from, to), layer, person })),
    swaps: swaps.map(({ from, to, between }) => ({ ...windowOf(from, to), between })),
  };
}

/**
 * Returns the person on duty of a layer at an instant; null if no person is on duty. An override for all layers has the highest
 * priority, then an override for this layer, then a swap, then the turn.
 */
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

/** Returns true if a window contains this instant. The end of the window is excluded. */
function isWithin({ from, to }: Window, at: Instant): boolean {
  return from <= at && at < to;
}

function windowOf(from: string, to: string): Window {
  return { from: parseInstant(from), to: parseInstant(to) };
}
