import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";

/** Plays the true stories through the real services on stepped timelines, and prints the events of each story with their instants. */
const root = resolve(import.meta.dirname, "..");
const log = resolve(root, ".ci/stories.log");
const files = [
  "three-hour-call",
  "three-hour-call-steps",
  "one-and-done",
  "one-and-done-skills",
  "fourteen-days",
  "fourteen-days-history",
  "fourteen-days-joint",
  "unanswered",
  "announced",
  "changes",
  "incidents",
  "problems",
  "half-past-nine",
  "half-past-nine-proofs",
  "rosters",
];

mkdirSync(resolve(root, ".ci"), { recursive: true });
rmSync(log, { force: true });
const { status } = spawnSync(
  resolve(root, "node_modules/.bin/vitest"),
  ["run", "--project", "scenarios", ...files.map((file) => `test/scenarios/${file}.test.ts`)],
  { cwd: root, stdio: "inherit", env: { ...process.env, STORIES_LOG: log } },
);
if (existsSync(log)) process.stdout.write(`\n${readFileSync(log, "utf8")}\n`);
process.exit(status ?? 1);
