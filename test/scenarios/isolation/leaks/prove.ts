import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";
import { type Leak, leaks, patchOf } from "./all.ts";

/*
 * Proves that the isolation walk finds leaks. The command applies each planted leak to a copy of the working tree. The walk in the
 * copy must fail with a message about the leak.
 *
 * `npx -y pnpm test:leaks [NAME…]`
 */
const root = resolve(import.meta.dirname, "../../../..");
const walk = "test/scenarios/isolation.long.test.ts";
const leftOut = new Set([".git", ".ci", ".crossline", "node_modules"]);

const names = process.argv.slice(2);
const unknown = names.filter((name) => !leaks.some((leak) => leak.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no leak ${unknown.join(", ")}. The leaks are ${leaks.map(({ name }) => name).join(", ")}\n`,
  );
  process.exit(2);
}
let missed = 0;
for (const leak of leaks.filter(({ name }) => names.length === 0 || names.includes(name)))
  if (!(await isFound(leak))) missed += 1;
process.exit(missed === 0 ? 0 : 1);

/** Runs the walk on a copy with a leak. Returns whether the walk found the leak, and prints the result. */
async function isFound(leak: Leak): Promise<boolean> {
  const copy = copyTree();
  const began = performance.now();
  try {
    execFileSync("git", ["apply", patchOf(leak)], { cwd: copy, stdio: ["ignore", "ignore", "inherit"] });
    const { status, output } = await runWalk(copy);
    const found = leak.foundAs.exec(output)?.[0];
    const seconds = Math.round((performance.now() - began) / 1000);
    const isGood = status !== 0 && found !== undefined;
    process.stdout.write(`${leak.name}: ${isGood ? "found" : "MISSED"} in ${seconds} s (${leak.wrong})\n`);
    process.stdout.write(isGood ? `  ${found.slice(0, 200)}\n` : `${output}\n`);
    return isGood;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Copies the working tree. A symbolic link gives the copy the installed dependencies. */
function copyTree(): string {
  const copy = mkdtempSync(join(tmpdir(), "crossline-leak-"));
  for (const name of readdirSync(root))
    if (!leftOut.has(name)) cpSync(join(root, name), join(copy, name), { recursive: true, verbatimSymlinks: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}

async function runWalk(cwd: string): Promise<{ readonly status: number; readonly output: string }> {
  const command = ["run", "--project", "long", "--bail", "1", walk];
  const run = spawn(join(root, "node_modules/.bin/vitest"), command, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const [out, err, [status]] = await Promise.all([text(run.stdout), text(run.stderr), once(run, "close")]);
  return { status: Number(status), output: stripVTControlCharacters(`${out}${err}`) };
}
