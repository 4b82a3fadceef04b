import { parseArgs } from "node:util";
import { benches } from "./all.ts";
import { compare } from "./against/compare.ts";
import type { Bench, BenchOutcome, Scale } from "./frame.ts";
import { formatMeasurement } from "./measurement-text.ts";
import { createBenchServers } from "./servers.ts";
import { type Result, writeReport } from "./report.ts";

/**
 * `npx -y pnpm bench [--quick] [NAME …]` runs benchmarks and prints `name: figure, ratio N.NNx` for each result. A full run
 * of all benchmarks writes the tables and pictures of docs/performance. With `--write`, a run of some benchmarks also writes
 * the tables and pictures of these benchmarks.
 *
 * `--against COMMIT` compares this tree with a commit in three rounds, and fails if a result fell.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    against: { type: "string" },
    port: { type: "string", default: "7320" },
  },
});
const scale: Scale = values.quick ? "quick" : "full";
const note = (line: string): void => void process.stderr.write(`» ${line}\n`);
const unknownNames = positionals.filter((name) => !benches.some((bench) => bench.name === name));
if (unknownNames.length > 0 || values.list) {
  for (const name of unknownNames) process.stderr.write(`There is no benchmark ${name}.\n`);
  for (const { name, title } of benches) process.stdout.write(`${name}: ${title}\n`);
  process.exit(unknownNames.length > 0 ? 1 : 0);
}
const isChosen = ({ name, onlyByName = false }: Bench): boolean =>
  positionals.length === 0 ? scale === "full" || !onlyByName : positionals.includes(name);
const chosen = benches.filter(isChosen);

if (values.against !== undefined) {
  const options = [...(values.quick ? ["--quick"] : []), "--port", values.port];
  process.exit(await compare({ against: values.against, names: chosen.map(({ name }) => name), options, note }));
}

const servers = createBenchServers(Number(values.port), note);
const results: Result[] = [];
let failed = false;
for (const bench of chosen) {
  const reason = bench.missing?.();
  if (reason !== undefined) {
    process.stdout.write(`${bench.name}: skipped, ${reason}\n`);
    continue;
  }
  const startedAt = performance.now();
  note(`${bench.name}: ${bench.title}`);
  const measured = await attempt(bench);
  if (measured === undefined) {
    failed = true;
    continue;
  }
  note(`${bench.name} took ${Math.round((performance.now() - startedAt) / 1000)} s`);
  for (const figure of measured.figures) process.stdout.write(`${formatMeasurement(figure)}\n`);
  results.push({ name: bench.name, title: bench.title, about: bench.about, scale, ...measured });
}
await servers.close();
// A named benchmark replaces only its own table.
if (values.write || (scale === "full" && positionals.length === 0)) await writeReport(results);
process.exit(failed ? 1 : 0);

async function attempt(bench: Bench): Promise<BenchOutcome | undefined> {
  try {
    return await bench.run(scale, servers);
  } catch (error) {
    process.stdout.write(`${bench.name}: FAILED\n`);
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return undefined;
  }
}
