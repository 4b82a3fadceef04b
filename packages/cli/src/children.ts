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
/** A service ends within 25 s of a stop signal. */
const stopMaxMs = 30_000;

/** A service that runs as a child process. */
export type Child = {
  readonly name: ServiceName;
  readonly pid: () => number | undefined;
  /**
   * Sends the service a signal to simulate a fault. If the signal ends the service, the platform restarts the service.
   */
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Stops the service and waits for its end. */
  readonly stop: () => Promise<void>;
};

type Options = {
  readonly env: Readonly<Record<string, string>>;
  /** Runs each time the service ends without a call of `stop`. */
  readonly onExit: (why: {
    readonly code: number | null;
    readonly signal: string | null;
    readonly restarts: boolean;
    /** The sentence that a service printed when it refused to start. */
    readonly refusal: string | undefined;
  }) => void;
};

/**
 * Runs a service's own `main.ts` as a process. Restarts the service after an unexpected end, but only a limited number
 * of times if the service has never worked. When the parent process ends, even by `kill -9`, the IPC channel closes and
 * the service stops.
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
      detached: true, // Ctrl-C must reach only the parent process, which stops the services in order.
    });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    let lastError = "";
    child.stderr?.on("data", (chunk: Buffer) => (lastError = chunk.toString()));
    // Listens for "close" and not for "exit", because the last output can arrive after the exit.
    child.once("close", (code: number | null, signal: string | null) => {
      if (isStopping) return;
      const lived = performance.now() - (starts.at(-1) ?? 0);
      hasWorked ||= lived > startsWithinMs;
      // A service that has worked before can recover from an outage, so `startChild` always restarts it. A service that
      // never worked gets only a few restarts.
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

/** Returns the log file of a service. */
function logFile(name: ServiceName): string {
  return join(stateFolder, "logs", `${name}.log`);
}
