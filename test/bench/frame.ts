import assert from "node:assert/strict";
import type { BenchServers } from "./servers.ts";

/** The amount of work in a run: `quick` for a check (all benchmarks in under 4 minutes), `full` for the documents. */
export type Scale = "quick" | "full";

/** The required or desired bound of a ratio or a value. */
export type Bound = { readonly atLeast: number } | { readonly atMost: number };

/** Whether a lower or a higher result is better. */
export type Direction = "lower" | "higher";

/** One row of a table. A result without a bound says which direction is better, so that two builds can be compared. */
export type Measurement = MeasurementFields &
  ({ readonly must: Bound } | { readonly aim: Bound } | { readonly better: Direction });

type MeasurementFields = {
  /** Unique within the benchmark. */
  readonly name: string;
  /** The measured number with its unit, for people: `5,358/s`. */
  readonly figure: string;
  /** The ratio to the reference that `against` names, measured in the same run. */
  readonly ratio: number;
  readonly against: string;
  /** The lowest and the highest ratio of the rounds. */
  readonly spread?: readonly [number, number];
  /**
   * If this number is present, `must` and `aim` limit this number. Without this number, `must` and `aim` limit the
   * ratio.
   */
  readonly value?: number;
  readonly must?: Bound;
  readonly aim?: Bound;
  readonly better?: Direction;
};

/** One picture of the growth of a value. */
export type Curve = {
  readonly name: string;
  readonly x: { readonly title: string; readonly log?: boolean };
  readonly y: { readonly title: string; readonly log?: boolean };
  readonly points: readonly { readonly series: string; readonly x: number; readonly y: number }[];
};

export type BenchOutcome = {
  readonly figures: readonly Measurement[];
  readonly curves?: readonly Curve[];
  /** Sentences below the table. */
  readonly remarks?: readonly string[];
};

/** One benchmark, which measures the product and a reference in one run. */
export type Bench = {
  /** The name on the command line, for example `timers-drain`. */
  readonly name: string;
  readonly title: string;
  /** A short description of the benchmark, its reference and its settings. */
  readonly about: string;
  readonly run: (scale: Scale, servers: BenchServers) => Promise<BenchOutcome>;
  /** True if the benchmark takes too long for a quick run. A quick run omits it unless the command names it. */
  readonly onlyByName?: boolean;
  /** Returns the reason why the benchmark cannot run here, or undefined. */
  readonly missing?: () => string | undefined;
};

/** Returns the quantile of a sample for the share `of`, from 0 to 1. The quantile of an empty sample is NaN. */
export function quantile(sample: readonly number[], of: number): number {
  return sample.toSorted((a, b) => a - b)[Math.min(sample.length - 1, Math.floor(sample.length * of))] ?? Number.NaN;
}

export function median(sample: readonly number[]): number {
  return quantile(sample, 0.5);
}

/** Runs contestants in turn, round by round, so that other work of the machine affects all of them. */
export async function interleave<Name extends string>(
  rounds: number,
  contestants: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(contestants) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++) {
    // Every second round has the reverse order, so that no contestant always runs on a warm disk.
    for (const name of round % 2 === 0 ? names : names.toReversed()) samples[name].push(await contestants[name]());
  }
  return samples;
}

/** Returns the ratio of two medians, with the lowest and highest ratio of a round. */
export function ratioOf(
  product: readonly number[],
  peer: readonly number[],
): { readonly ratio: number; readonly spread: readonly [number, number] } {
  const ratios = product.map((value, round) => value / (peer[round] ?? Number.NaN));
  return { ratio: median(product) / median(peer), spread: [Math.min(...ratios), Math.max(...ratios)] };
}

/** Returns the direction that a result names, or that its bound implies. */
export function directionOf({ must, aim, better }: Measurement): Direction {
  if (better !== undefined) return better;
  const bound = must ?? aim;
  assert(bound !== undefined);
  return "atLeast" in bound ? "higher" : "lower";
}

/** Returns whether a value is within a bound. */
export function keeps(bound: Bound, value: number): boolean {
  return "atLeast" in bound ? value >= bound.atLeast : value <= bound.atMost;
}
