import assert from "node:assert/strict";
import type { BenchServers } from "./servers.ts";

/** How much work a run does: `quick` is for a look (all benchmarks under 4 minutes), `full` for the documents. */
export type Scale = "quick" | "full";

/** What a ratio or a value must keep to, and what it should reach. */
export type Bound = { readonly atLeast: number } | { readonly atMost: number };

/** Which way a figure should move. */
export type Direction = "lower" | "higher";

/** One line of a table. Where nothing bounds it, it says itself which way is better, so that two builds can be compared. */
export type Measurement = MeasurementFields &
  ({ readonly must: Bound } | { readonly aim: Bound } | { readonly better: Direction });

type MeasurementFields = {
  /** Unique within the benchmark. */
  readonly name: string;
  /** With its unit, as a person reads it: `5,358/s`. */
  readonly figure: string;
  /** Against whatever `against` names, measured in the same run. */
  readonly ratio: number;
  readonly against: string;
  /** The lowest and the highest ratio of the rounds. */
  readonly spread?: readonly [number, number];
  /** What `must` and `aim` bound, where it is not the ratio: a figure in its own unit. */
  readonly value?: number;
  readonly must?: Bound;
  readonly aim?: Bound;
  readonly better?: Direction;
};

/** How something grows: one picture. */
export type Curve = {
  readonly name: string;
  readonly x: { readonly title: string; readonly log?: boolean };
  readonly y: { readonly title: string; readonly log?: boolean };
  readonly points: readonly { readonly series: string; readonly x: number; readonly y: number }[];
};

export type BenchOutcome = {
  readonly figures: readonly Measurement[];
  readonly curves?: readonly Curve[];
  /** Sentences that belong under the table. */
  readonly remarks?: readonly string[];
};

/** One benchmark: product and peer, or product and floor, in one run. */
export type Bench = {
  /** As the command line takes it: `timers-drain`. */
  readonly name: string;
  readonly title: string;
  /** In a sentence or three: what is measured, against what, and what is switched on. */
  readonly about: string;
  readonly run: (scale: Scale, servers: BenchServers) => Promise<BenchOutcome>;
  /** Takes too long for a look: a quick run leaves it out unless it is named. */
  readonly onlyByName?: boolean;
  /** Why it cannot run here; nothing where it can. */
  readonly missing?: () => string | undefined;
};

/** The value below which this share of a sample lies; NaN for an empty one. */
export function quantile(sample: readonly number[], of: number): number {
  return sample.toSorted((a, b) => a - b)[Math.min(sample.length - 1, Math.floor(sample.length * of))] ?? Number.NaN;
}

export function median(sample: readonly number[]): number {
  return quantile(sample, 0.5);
}

/** Runs contestants in turn, round by round, so that whatever else the machine does meets all of them. */
export async function interleave<Name extends string>(
  rounds: number,
  contestants: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(contestants) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++) {
    // Every second round the other way round: nobody always runs on a warm disk.
    for (const name of round % 2 === 0 ? names : names.toReversed()) samples[name].push(await contestants[name]());
  }
  return samples;
}

/** The median of one contestant over another's, with the lowest and highest ratio of a round. */
export function ratioOf(
  product: readonly number[],
  peer: readonly number[],
): { readonly ratio: number; readonly spread: readonly [number, number] } {
  const ratios = product.map((value, round) => value / (peer[round] ?? Number.NaN));
  return { ratio: median(product) / median(peer), spread: [Math.min(...ratios), Math.max(...ratios)] };
}

/** The direction that a figure says itself, or that its bounds imply. */
export function directionOf({ must, aim, better }: Measurement): Direction {
  if (better !== undefined) return better;
  const bound = must ?? aim;
  assert(bound !== undefined);
  return "atLeast" in bound ? "higher" : "lower";
}

/** Whether a bound is kept. */
export function keeps(bound: Bound, value: number): boolean {
  return "atLeast" in bound ? value >= bound.atLeast : value <= bound.atMost;
}
