import { randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { checkHistory } from "./check-history.ts";
import { makePlan, nameOf } from "./plan.ts";
import { reportLines } from "./report.ts";
import { runPlan } from "./run.ts";

/*
 * The nemesis runs the whole platform under load and faults, and checks it from outside. A short run is `npx -y pnpm nemesis
 * --short`.
 */
const usage = [
  "Usage: npx -y pnpm nemesis [--short] [--seed N] [--firings N] [--only NAME] [--plan] [--port 17000]",
  "       npx -y pnpm nemesis --check FILE     checks a history again",
  "       npx -y pnpm nemesis --mutants [NAME] proves that the checker detects deliberately broken systems",
].join("\n");

/** The average number of firings of a case in this load. */
const firingsPerCase = 56;
const minute = 60_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: "boolean", default: false },
    seed: { type: "string" },
    firings: { type: "string" },
    only: { type: "string" },
    plan: { type: "boolean", default: false },
    port: { type: "string", default: "17000" },
    check: { type: "string" },
    mutants: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const say = (line: string): void => void process.stdout.write(`» ${line}\n`);
let stopRun: () => Promise<void> = () => Promise.resolve();
let isStopping = false;

/** Stops all processes in order after Ctrl-C, after SIGTERM, or after the end of the parent process. */
function stopOnSignal(): void {
  const parent = process.ppid;
  const end = (): void => {
    if (isStopping) return;
    isStopping = true;
    say("stopping");
    void stopRun().finally(() => process.exit(130));
  };
  process.on("SIGINT", end).on("SIGTERM", end);
  setInterval(() => (process.ppid === parent ? undefined : end()), 1_000).unref();
}

async function check(file: string): Promise<boolean> {
  const verdict = await checkHistory(file);
  const lines = reportLines(verdict);
  process.stdout.write(`${lines.join("\n")}\n`);
  writeFileSync(join(dirname(file), "report.txt"), `${lines.join("\n")}\n`);
  return verdict.findings.length === 0 && verdict.faults.every(({ phase }) => phase !== "failed");
}

async function main(): Promise<boolean> {
  if (values.help) return (process.stdout.write(`${usage}\n`), true);
  if (values.check !== undefined) return check(values.check);
  const firstPort = Number(values.port);
  const onStop = (stop: () => Promise<void>): void => void (stopRun = stop);
  if (values.mutants) {
    const { proveMutants } = await import("./mutants/prove.ts");
    return proveMutants({ only: positionals[0], firstPort, say, onStop });
  }
  const seed = values.seed === undefined ? randomInt(1, 1_000_000) : Number(values.seed);
  const atLeastMs = values.only !== undefined || values.short ? 0 : 12 * minute;
  const plan = makePlan({ seed, atLeastMs, ...(values.only !== undefined && { only: values.only }) });
  const firings = Number(values.firings ?? (values.short ? 100_000 : 1_000_000));
  say(`seed ${seed}: ${plan.steps.length} steps in ${Math.round(plan.lastsMs / 1000)} s, about ${firings} firings`);
  for (const { atMs, faults } of plan.steps) say(`  ${Math.round(atMs / 1000)} s: ${faults.map(nameOf).join(" + ")}`);
  if (values.plan) return true;
  const casesPerSecond = (firings / firingsPerCase) * (1000 / plan.lastsMs);
  const file = await runPlan({ plan, casesPerSecond, firstPort, say, onStop });
  const isGood = await check(file);
  say(`seed ${seed}; the history is ${relative(process.cwd(), file)}`);
  return isGood;
}

stopOnSignal();
main().then(
  (isGood) => (isStopping ? undefined : process.exit(isGood ? 0 : 1)),
  (error: unknown) => {
    if (isStopping) return;
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
