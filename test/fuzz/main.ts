import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

/*
 * Generates requests from the OpenAPI document, damages most of them, and sends them to a separate platform. Compares
 * each response with the document. `npx -y pnpm fuzz [REQUESTS] [--seed SEED]` sends 20,000 requests by default.
 */
const root = resolve(import.meta.dirname, "../..");
const { values, positionals } = parseArgs({ allowPositionals: true, options: { seed: { type: "string" } } });
const [requests = "20000", ...more] = positionals;
const seed = values.seed ?? String(Math.floor(Math.random() * 1e9));
if (!/^\d+$/.test(requests) || !/^\d+$/.test(seed) || more.length > 0) {
  process.stderr.write("Usage: npx -y pnpm fuzz [REQUESTS] [--seed SEED]\n");
  process.exit(2);
}

process.stdout.write(`${requests} requests, seed ${seed}\n`);
const { status } = spawnSync(
  resolve(root, "node_modules/.bin/vitest"),
  ["run", "--project", "scenarios", "test/scenarios/openapi.test.ts", "-t", "each response to any request"],
  { cwd: root, stdio: "inherit", env: { ...process.env, FUZZ_REQUESTS: requests, FUZZ_SEED: seed } },
);
process.exit(status ?? 1);
