import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

/*
 * Repeats the fault tests with long outages, and stops at the first failure:
 *
 * `npx -y pnpm test:faults [--rounds 10] [--outage 30]`
 */
const { values } = parseArgs({
  options: { rounds: { type: "string", default: "10" }, outage: { type: "string", default: "30" } },
});
const root = resolve(import.meta.dirname, "../..");
const rounds = Number(values.rounds);
const env = { ...process.env, FAULTS_OUTAGE_SECONDS: values.outage, CROSSLINE_REQUIRE_KAFKA: "1" };

for (let round = 1; round <= rounds; round++) {
  const began = performance.now();
  const command = ["run", "--project", "long", "test/faults"];
  const { status } = spawnSync(resolve(root, "node_modules/.bin/vitest"), command, {
    cwd: root,
    env,
    stdio: "inherit",
  });
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stdout.write(
    `round ${round} of ${rounds}, outages of ${values.outage} s: ${status === 0 ? "green" : "RED"} in ${seconds} s\n`,
  );
  if (status !== 0) process.exit(1);
}
