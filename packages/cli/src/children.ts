import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { refusedToStart } from "@crossline/service";
import { stateFolder } from "./keys.ts";
import { nodeFlags } from "./node-flags.ts";
import type { ServiceName } from "./services.ts";

const root = resolve(import.meta.dirname, "../../..");
const restartMs = 300;
const startsMax = 5;
const laterRestartMs = 2_000;
const startsWithinMs = 20_000;
/** A service ends by itself after 25 s at most. */
const stopMaxMs = 30_000;

export type Child = {
  readonly name: ServiceName;
  readonly pid: () => number | undefined;
  /** Sends a signal, as a fault does; the service is started again. */
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Asks it to stop, and returns when it has. */
  readonly stop: () => Promise<void>;
};

type Options = {
  readonly env: Readonly<Record<string, string>>;
  /** Runs when the service has ended by itself. */
  readonly onExit: (why: {
    readonly code: number | null;
    readonly signal: string | null;
    readonly restarts: boolean;
    /** The sentence of a service that refused to start. */
    readonly refusal: string | undefined;
  }) => void;
};

/**
 * Runs a service's own `main.ts` as a process and starts it again when it ends unasked, but not for ever. The channel
 * between the two is only there to be cut: a service whose parent is gone stops by itself, also after a `kill -9`.
 */
export function startChild(name: ServiceName, { env, onExit }: Options): Child {
  mkdirSync(join(stateFolder, "logs"), { recursive: true });
  const log = createWriteStream(logFile(name), { flags: "a" });
  const starts: number[] = [];
  let isStopping = false;
  let hasWorked = false;
  let current: ChildProcess;

  const begin = (): void => {
    starts.push(performance.now());
    const child = spawn(process.execPath, [...nodeFlags, join(root, "services", name, "src/main.ts")], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      detached: true, // Ctrl-C reaches the starter alone, which stops the services in order.
    });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    let lastError = "";
    child.stderr?.on("data", (chunk: Buffer) => (lastError = chunk.toString()));
    // Not at its exit: what it wrote last may arrive later.
    child.once("close", (code: number | null, signal: string | null) => {
      if (isStopping) return;
      const lived = performance.now() - (starts.at(-1) ?? 0);
      hasWorked ||= lived > startsWithinMs;
      // One that has worked before will work again when what it needs is back; one that never has will not.
      const refusal = code === refusedToStart ? lastError.trim() : undefined;
      const restarts = refusal === undefined && (hasWorked || starts.length < startsMax);
      onExit({ code, signal, restarts, refusal });
      const pauseMs = starts.length < startsMax ? restartMs : laterRestartMs;
      if (restarts) void delay(pauseMs).then(() => (isStopping ? undefined : begin()));
    });
    current = child;
  };
  begin();

  return {
    name,
    pid: () => current.pid,
    kill: (signal) => void current.kill(signal),
    stop: async () => {
      isStopping = true;
      if (current.exitCode === null && current.signalCode === null) {
        const exited = once(current, "exit");
        current.kill("SIGTERM");
        const late = setTimeout(() => current.kill("SIGKILL"), stopMaxMs);
        await exited;
        clearTimeout(late);
      }
      log.end();
    },
  };
}

/** Where a service's log lines go. */
function logFile(name: ServiceName): string {
  return join(stateFolder, "logs", `${name}.log`);
}
