import { loadavg } from "node:os";
import { resolve } from "node:path";
import type { PrintedMeasurement } from "../measurement-text.ts";
import { type Build, buildOf } from "./build.ts";
import { checkOut } from "./checkout.ts";
import { tableOf } from "./table.ts";
import { type MeasurementComparison, compareMeasurements } from "./verdict.ts";

export type ComparisonOptions = {
  /** Any revision that git resolves to a commit. */
  readonly against: string;
  /** Benchmarks of this tree. */
  readonly names: readonly string[];
  /** Options for `run.ts` of both builds: `--quick`, `--port`. */
  readonly options: readonly string[];
  readonly note: (line: string) => void;
};

const root = resolve(import.meta.dirname, "../../..");
const rounds = 3;
const idleLoadMax = 1;

/**
 * Compares this tree, with its uncommitted changes, with a commit. The comparison runs each benchmark of both builds
 * alternately in three rounds, and prints a verdict for every result.
 *
 * Returns the exit code. The exit code is 1 if a result fell, a build failed, or the commit was refused. The exit code
 * is 130 after Ctrl-C or SIGTERM. The checkout is always removed.
 */
export async function compare(comparison: ComparisonOptions): Promise<number> {
  const { against, options, note } = comparison;
  const [load = 0] = loadavg();
  if (load > idleLoadMax) note(`the machine is not idle (load ${load.toFixed(1)}): other processes change the results`);
  const stopping = new AbortController();
  // Ctrl-C reaches all processes of the terminal, and pnpm passes it on, so the signal can come twice.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stopping.abort());
  const { signal } = stopping;
  note(`checking out ${against} and installing its dependencies`);
  const checkout = await checkOut(against, { folder: root, signal });
  if ("refused" in checkout) {
    if (!signal.aborted) process.stderr.write(`${checkout.refused}\n`);
    return signal.aborted ? 130 : 1;
  }
  try {
    const base = buildOf(`base ${checkout.commit.slice(0, 7)}`, { folder: checkout.folder, signal }, options);
    const ours = buildOf("this tree", { folder: root, signal }, options);
    const code = await compareBuilds(base, ours, comparison, signal);
    return signal.aborted ? 130 : code;
  } finally {
    await checkout.remove();
  }
}

async function compareBuilds(
  base: Build,
  ours: Build,
  { names, note }: ComparisonOptions,
  signal: AbortSignal,
): Promise<number> {
  const baseNames = await base.list();
  if (baseNames === undefined) {
    if (!signal.aborted) process.stderr.write(`The ${base.name} has no benchmarks that could be run.\n`);
    return 1;
  }
  let code = 0;
  for (const name of names) {
    const comparisons = await compareBenchmark(name, baseNames.includes(name) ? [base, ours] : [ours], note, signal);
    if (signal.aborted) return 1;
    process.stdout.write(`\n${name}\n${comparisons === undefined ? "could not be compared" : textOf(comparisons)}\n`);
    if (comparisons === undefined || comparisons.some(({ verdict }) => verdict === "fell")) code = 1;
  }
  return code;
}

function textOf(comparisons: readonly MeasurementComparison[]): string {
  return comparisons.length === 0 ? "The benchmark has no results on this machine." : tableOf(comparisons);
}

/** Runs a benchmark of the two builds alternately and compares the results. Returns undefined if a run failed. */
async function compareBenchmark(
  name: string,
  builds: readonly Build[],
  note: (line: string) => void,
  signal: AbortSignal,
): Promise<readonly MeasurementComparison[] | undefined> {
  const readings = new Map<Build, PrintedMeasurement[]>(builds.map((build) => [build, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const [build, all] of readings) {
      if (signal.aborted) return undefined;
      note(`round ${round} of ${rounds}, ${name} of ${build.name}`);
      const measured = await build.measure(name);
      if (measured === undefined) {
        if (!signal.aborted) note(`${name} of ${build.name} failed in round ${round}`);
        return undefined;
      }
      all.push(...measured);
    }
  }
  const [after = [], before = []] = [...readings.values()].toReversed();
  return compareMeasurements(before, after);
}
