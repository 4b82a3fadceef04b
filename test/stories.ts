import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";

/**
 * Runs the true stories through the real services on stepped timelines and prints each as it went, with its times; with
 * `--rounds N` so often in a row. Exit code 0 only when every round was green.
 */
const root = resolve(import.meta.dirname, "..");
const log = resolve(root, ".ci/stories.log");
const files = ["three-hour-call", "fourteen-days", "half-past-nine", "rosters"];
const position = process.argv.indexOf("--rounds");
const rounds = position < 0 ? 1 : Number(process.argv[position + 1]);
if (!Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write("Usage: npx -y pnpm test:stories [--rounds N]\n");
  process.exit(2);
}

mkdirSync(resolve(root, ".ci"), { recursive: true });
let green = 0;
for (let round = 1; round <= rounds; round++) {
  rmSync(log, { force: true });
  const { status } = spawnSync(
    resolve(root, "node_modules/.bin/vitest"),
    ["run", "--project", "scenarios", ...files.map((file) => `test/scenarios/${file}.test.ts`)],
    { cwd: root, stdio: "inherit", env: { ...process.env, STORIES_LOG: log } },
  );
  if (existsSync(log) && round === rounds) process.stdout.write(`\n${readFileSync(log, "utf8")}\n`);
  if (status === 0) green++;
  process.stdout.write(`round ${round} of ${rounds}: ${status === 0 ? "green" : "RED"}\n`);
}
process.stdout.write(`${green} of ${rounds} rounds green\n`);
process.exit(green === rounds ? 0 : 1);
