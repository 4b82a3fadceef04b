import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";

/**
 * Checks types, lint, format and dead code, and runs the tests. The last row of the output is `N passed, N failed, N skipped`. Each
 * check counts as one test. The exit code is 0 only if nothing failed. If Kafka is missing, the tests that need Kafka are skipped.
 * With `--complete`, the command also runs the long tests, and the tests that need Kafka fail without Kafka.
 */
const root = resolve(import.meta.dirname, "..");
const results = resolve(root, ".ci/vitest.json");
const completeFlag = "--complete";
const isComplete = process.argv.includes(completeFlag);
const extra = process.argv.slice(2).filter((argument) => argument !== completeFlag);
if (isComplete) process.env["CROSSLINE_REQUIRE_KAFKA"] = "1";
else extra.push("--project=!long");
// The start of a service takes 1.7 s of processor time without the compiled modules of an earlier process, and 0.9 s with them.
process.env["NODE_COMPILE_CACHE"] ??= resolve(root, ".ci/compile-cache");
const checks: readonly (readonly [string, readonly string[]])[] = [
  ["types and lint", ["oxlint"]],
  ["format", ["oxfmt", "--check", "."]],
  ["dead code", ["knip"]],
];

type Report = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
};

function run(command: readonly string[]): boolean {
  const [program = "", ...rest] = command;
  const { status } = spawnSync(resolve(root, "node_modules/.bin", program), rest, { cwd: root, stdio: "inherit" });
  return status === 0;
}

let passed = 0;
let failed = 0;
let skipped = 0;
for (const [what, command] of checks) {
  const isGood = run(command);
  process.stdout.write(`${isGood ? "ok" : "FAILED"}: ${what}\n`);
  if (isGood) passed++;
  else failed++;
}
mkdirSync(resolve(root, ".ci"), { recursive: true });
rmSync(results, { force: true });
const isGreen = run(["vitest", "run", ...extra]);
try {
  const report = JSON.parse(readFileSync(results, "utf8")) as Report;
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  skipped += report.numPendingTests;
  // If a file fails before its first test, no test has failed, so the file itself counts as a failed test.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  );
  failed += broken.length;
} catch {
  failed++; // vitest ended before it wrote its report.
}
if (!isGreen && failed === 0) failed = 1; // An unhandled error makes the run fail, although no test fails.
process.stdout.write(`${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}\n`);
process.exit(failed === 0 ? 0 : 1);
