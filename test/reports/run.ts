import { play } from "./play.ts";

/*
 * Generates histories, sums them up without a database, and compares the reports of each carrier with the planted effects.
 *
 * `npx -y pnpm test:reports [HISTORIES CASES [SEED]]`. The histories have the seeds from SEED on, by default from 0 on.
 */
const [histories = "200", cases = "50000", seed = "0", ...more] = process.argv.slice(2);
const run = { histories: Number(histories), cases: Number(cases), first: Number(seed) };
const isPossible =
  Object.values(run).every(Number.isSafeInteger) && Math.min(run.histories, run.cases, run.first + 1) > 0;
if (!isPossible || more.length > 0) {
  process.stderr.write("Usage: npx -y pnpm test:reports [HISTORIES CASES [SEED]]\n");
  process.exit(2);
}
process.exitCode = play(run, (row) => process.stdout.write(`${row}\n`)) ? 0 : 1;
