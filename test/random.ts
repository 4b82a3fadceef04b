import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

/*
 * Runs the tests with random histories, with `FACTOR` times as many histories as the usual run.
 *
 * `npx -y pnpm test:random [FACTOR]`
 */
const root = resolve(import.meta.dirname, "..");
const [written = "10", ...more] = process.argv.slice(2);
const factor = Number(written);
if (!Number.isInteger(factor) || factor < 1 || more.length > 0) {
  process.stderr.write("Usage: npx -y pnpm test:random [FACTOR]\n");
  process.exit(2);
}

const env = {
  ...process.env,
  AUDIT_HISTORIES: String(600 * factor),
  PROPERTY_RUNS: String(1_000 * factor),
  SIMULATION_SEEDS: String(3_000 * factor),
};
const files = ["property.test.ts", "test/audit.test.ts", "test/simulation/simulation.test.ts"];
const command = ["run", "--project", "unit", "--project", "simulation", ...files];
const { status } = spawnSync(resolve(root, "node_modules/.bin/vitest"), command, { cwd: root, env, stdio: "inherit" });
process.exit(status ?? 1);
