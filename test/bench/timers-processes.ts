import { type ChildProcess, fork } from "node:child_process";
import { resolve } from "node:path";
import { nodeFlags } from "@crossline/cli";
import type { ReferenceRole } from "./timers-reference.ts";
import type { TimerRole } from "./timers-child.ts";
import type { FiringReport } from "./timers-witness.ts";

/** A contestant in a process of its own. */
export type Contestant = {
  readonly pid: number | undefined;
  /** Begins; what was due before is its first work. Resolves when it has begun. */
  go(): Promise<void>;
  /** What it has seen since it was asked last. */
  ask(): Promise<FiringReport>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
};

export const startTimerProcess = (role: TimerRole): Promise<Contestant> => start("timers-child.ts", role);
export const startReferenceProcess = (role: ReferenceRole): Promise<Contestant> => start("timers-reference.ts", role);

/** Those that the services run with, but for the limit of the heap: a child that makes signs of life knows a million cases. */
const flags = nodeFlags.filter((flag) => !flag.startsWith("--max-old-space-size"));

async function start(file: string, argument: unknown): Promise<Contestant> {
  const child = fork(resolve(import.meta.dirname, file), [JSON.stringify(argument)], {
    execArgv: flags,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const say = (what: "go" | "tell"): Promise<FiringReport> => {
    const answer = next<FiringReport>(child);
    child.send(what);
    return answer;
  };
  await next(child);
  return {
    pid: child.pid,
    async go() {
      await say("go");
    },
    ask: () => say("tell"),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((end) => child.once("exit", end));
      child.kill("SIGKILL");
      await gone;
    },
  };
}

function next<T>(child: ChildProcess): Promise<T> {
  const { promise, resolve: take, reject } = Promise.withResolvers<T>();
  const lost = (code: number | null) => reject(new Error(`a contestant ended with ${code}`));
  child.once("exit", lost);
  child.once("message", (message) => {
    child.off("exit", lost);
    take(message as T);
  });
  return promise;
}

export const pause = (ms: number): Promise<void> => new Promise((resume) => setTimeout(resume, Math.max(0, ms)));

/** All firings of some contestants from now on: until there are so many, or until the instant has come. */
export async function gather(
  contestants: readonly Contestant[],
  { count = Infinity, until = Infinity }: { readonly count?: number; readonly until?: number },
): Promise<FiringReport> {
  const lateness: number[] = [];
  let [firstAt, lastAt, waiting] = [Infinity, 0, 0];
  do {
    await pause(Math.min(50, until - Date.now()));
    const told = await Promise.all(contestants.map((one) => one.ask()));
    for (const one of told) {
      for (const late of one.lateness) lateness.push(late);
      if (one.firstAt > 0) firstAt = Math.min(firstAt, one.firstAt);
      lastAt = Math.max(lastAt, one.lastAt);
    }
    waiting = told.reduce((sum, one) => sum + one.waiting, 0);
  } while (lateness.length < count && Date.now() < until);
  return { fired: lateness.length, firstAt, lastAt, lateness, waiting };
}
