import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { onTestFinished } from "vitest";

type HolderOutput = {
  readonly pid?: number;
  readonly adopted?: boolean;
  readonly sentence?: boolean;
  readonly message?: string;
};

/** Creates for one test a state folder that PostgreSQL's user can also enter. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "crossline-parts-"));
  chmodSync(folder, 0o755);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a server in another process. Returns the output of that process and a function that kills the process. */
export async function hold(
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<HolderOutput & { readonly kill: () => Promise<void> }> {
  const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, "hold.ts"), ...args], {
    env: { ...environmentNow(), ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  onTestFinished(() => void child.kill("SIGKILL"));
  if (child.stdout === null) throw new Error("no output");
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const kill = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  return { ...(JSON.parse(line) as HolderOutput), kill };
}

// oxlint-disable-next-line node/no-process-env -- the child inherits this environment, except for a few variables
const environmentNow = () => process.env;

/** Waits until the process has ended. */
export async function waitForEnd(pid: number | undefined): Promise<void> {
  const isGone = (): boolean =>
    !existsSync(`/proc/${pid}`) || /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  for (const deadline = performance.now() + 20_000; !isGone(); await delay(10)) {
    if (performance.now() > deadline) throw new Error(`process ${pid} did not end within 20 s`);
  }
}

/** Returns the parent of a process. The parent of a server is its supervisor. */
export function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}
