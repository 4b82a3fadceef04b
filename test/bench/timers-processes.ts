import { type ChildProcess, fork } from "node:child_process";
import { resolve } from "node:path";
import { nodeFlags } from "@crossline/cli";
import type { ReferenceRole } from "./timers-reference.ts";
import type { TimerRole } from "./timers-child.ts";
import type { FiringReport } from "./timers-witness.ts";

/** A contestant in a separate process. */
export type Contestant = {
  readonly pid: number | undefined;
  /** Starts the work, with the overdue firings first. Resolves when the work has started. */
  go(): Promise<void>;
  /** Returns the firings since the previous call. */
  ask(): Promise<FiringReport>;
  /** Sends SIGKILL and resolves when the process has ended. */
  kill(): Promise<void>;
};

export const startTimerProcess = (role: TimerRole): Promise<Contestant> => start("timers-child.ts", role);
export const startReferenceProcess = (role: ReferenceRole): Promise<Contestant> => start("timers-reference.ts", role);

/**
 * The flags of the services without their heap limit. A child that produces signs of life has a million cases in
 * memory.
 */
const flags = nodeFlags.filter((flag) => !flag.startsWith("--max-old-space-size"));

async function start(file: string, argument: unknown): Promise<Contestant> {
  const child = fork(resolve(import.meta.dirname, file), [JSON.stringify(argument)], {
    execArgv: flags,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const send = (what: "go" | "report"): Promise<FiringReport> => {
    const report = next<FiringReport>(child);
    child.send(what);
    return report;
  };
  await next(child);
  return {
    pid: child.pid,
    async go() {
      await send("go");
    },
    ask: () => send("report"),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = new Promise((end) => child.once("exit", end));
      child.kill("SIGKILL");
      await exited;
    },
  };
}

function next<T>(child: ChildProcess): Promise<T> {
  const { promise, resolve: take, reject } = Promise.withResolvers<T>();
  const lost = (code: number | null) => reject(new Error(`a contestant ended with the exit code ${code}`));
  child.once("exit", lost);
  child.once("message", (message) => {
    child.off("exit", lost);
    take(message as T);
  });
  return promise;
}

export const pause = (ms: number): Promise<void> => new Promise((resume) => setTimeout(resume, Math.max(0, ms)));

/** Collects the contestants' firings from now on, until there are `count` firings or the instant `until` has come. */
export async function gather(
  contestants: readonly Contestant[],
  { count = Infinity, until = Infinity }: { readonly count?: number; readonly until?: number },
): Promise<FiringReport> {
  const lateness: number[] = [];
  let [firstAt, lastAt, waiting] = [Infinity, 0, 0];
  do {
    await pause(Math.min(50, until - Date.now()));
    const reports = await Promise.all(contestants.map((one) => one.ask()));
    for (const one of reports) {
      for (const late of one.lateness) lateness.push(late);
      if (one.firstAt > 0) firstAt = Math.min(firstAt, one.firstAt);
      lastAt = Math.max(lastAt, one.lastAt);
    }
    waiting = reports.reduce((sum, one) => sum + one.waiting, 0);
  } while (lateness.length < count && Date.now() < until);
  return { fired: lateness.length, firstAt, lastAt, lateness, waiting };
}
