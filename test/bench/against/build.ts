import { existsSync } from "node:fs";
import { join } from "node:path";
import { type PrintedMeasurement, parseMeasurement } from "../measurement-text.ts";
import { type CommandContext, runCommand } from "./command.ts";

/** One of the two compared builds: a tree with its dependencies. */
export type Build = {
  readonly name: string;
  /** Returns the names of the build's benchmarks, or undefined if it has none. */
  list(): Promise<readonly string[] | undefined>;
  /** Runs one benchmark in its own processes. Returns undefined if the benchmark fails. */
  measure(bench: string): Promise<readonly PrintedMeasurement[] | undefined>;
};

/**
 * Returns the build of a tree. The build runs with the tree's own Node, or with the Node of this process if the tree
 * has none.
 */
export function buildOf(name: string, place: CommandContext, options: readonly string[]): Build {
  const own = join(place.folder, "node_modules/.bin/node");
  const node = existsSync(own) ? own : process.execPath;
  const bench = (...parameters: string[]) =>
    runCommand(node, [join(place.folder, "test/bench/run.ts"), ...parameters], place);
  return {
    name,
    async list() {
      const { output, failed } = await bench("--list");
      return failed ? undefined : [...output.matchAll(/^([a-z-]+): /gm)].flatMap(([, one]) => one ?? []);
    },
    async measure(benchName) {
      const { output, failed } = await bench(...options, benchName);
      return failed ? undefined : output.split("\n").flatMap((text) => parseMeasurement(text) ?? []);
    },
  };
}
