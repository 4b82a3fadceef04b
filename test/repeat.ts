import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

/*
 * Repeats every test of a folder, as in the nightly run, and stops at the first failure with its output. The default is ten
 * rounds.
 *
 * `npx -y pnpm test:scenarios [ROUNDS]` and `npx -y pnpm test:screens [ROUNDS]`
 */
const root = resolve(import.meta.dirname, "..");
const [folder, written = "10", ...more] = process.argv.slice(2);
const rounds = Number(written);
if (folder === undefined || !Number.isInteger(rounds) || rounds < 1 || more.length > 0) {
  process.stderr.write("Usage: npx -y pnpm test:scenarios [ROUNDS], or test:screens [ROUNDS]\n");
  process.exit(2);
}

const command = ["run", "--project", "scenarios", "--project", "long", folder];
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
