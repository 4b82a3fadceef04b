import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

/*
 * Repeats every scenario, as in the nightly run, and stops at the first failure with its output. The default is ten
 * rounds.
 *
 * `npx -y pnpm test:scenarios [ROUNDS]`
 */
const root = resolve(import.meta.dirname, "../..");
const [written = "10", ...more] = process.argv.slice(2);
const rounds = Number(written);
if (!Number.isInteger(rounds) || rounds < 1 || more.length > 0) {
  process.stderr.write("Usage: npx -y pnpm test:scenarios [ROUNDS]\n");
  process.exit(2);
}

const command = ["run", "--project", "scenarios", "--project", "long", "test/scenarios"];
const outputMaxBytes = 64 * 1024 * 1024;

for (let round = 1; round <= rounds; round++) {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(resolve(root, "node_modules/.bin/vitest"), command, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: outputMaxBytes,
  });
  const seconds = Math.round((performance.now() - began) / 1000);
  if (status !== 0) process.stdout.write(`${stdout}${stderr}`);
  process.stdout.write(`round ${round} of ${rounds}: ${status === 0 ? "green" : "RED"} in ${seconds} s\n`);
  if (status !== 0) process.exit(1);
}
