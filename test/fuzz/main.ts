import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

/*
 * Sends requests that are made from the OpenAPI document, most of them damaged, to a platform of its own, and holds each answer
 * against the document: `npx -y pnpm fuzz [REQUESTS] [--seed SEED]`, 20,000 requests if no number is given.
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
  ["run", "--project", "scenarios", "test/scenarios/openapi.test.ts", "-t", "whatever is sent"],
  { cwd: root, stdio: "inherit", env: { ...process.env, FUZZ_REQUESTS: requests, FUZZ_SEED: seed } },
);
process.exit(status ?? 1);
