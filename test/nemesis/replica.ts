import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { nodeFlags } from "@crossline/cli";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Service } from "./services.ts";

const root = resolve(import.meta.dirname, "../..");
const clockOff = join(import.meta.dirname, "clock-off.ts");
const restartMs = 300;
const stopWithinMs = 30_000;

export type Replica = {
  readonly service: Service;
  readonly number: number;
  readonly port: number;
  /** False while the replica should not run. */
  readonly isWanted: () => boolean;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Starts the process, with a clock that is wrong by `clockOffMs`. Does nothing if it already runs. */
  readonly start: (clockOffMs?: number) => void;
  /** Sends SIGTERM and resolves when the process has ended. */
  readonly stop: () => Promise<void>;
  /** The number of starts. */
  readonly starts: () => number;
  readonly isReady: () => Promise<boolean>;
};

type Options = {
  readonly service: Service;
  readonly number: number;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  readonly logFolder: string;
  /** The checkout whose services run: this one, or a mutant's copy. */
  readonly checkout?: string | undefined;
};

/** Returns one process of a service under a supervisor, which restarts it after each unexpected end. */
export function createReplica({ service, number, port, env, logFolder, checkout = root }: Options): Replica {
  const log = createWriteStream(join(logFolder, `${service}-${number}.log`), { flags: "a" });
  let child: ChildProcess | undefined;
  let isWanted = false;
  let starts = 0;
  let offMs = 0;

  const begin = (): void => {
    starts++;
    const flags = offMs === 0 ? [] : ["--import", clockOff];
    const main = join(checkout, "services", service, "src/main.ts");
    const own = spawn(process.execPath, [...nodeFlags, ...flags, main], {
      cwd: checkout,
      env: { ...process.env, ...env, NEMESIS_CLOCK_OFF_MS: String(offMs) },
      stdio: ["ignore", "pipe", "pipe", "ipc"], // When this process ends, the channel closes and the child stops.
      detached: true,
    });
    own.stdout?.pipe(log, { end: false });
    own.stderr?.pipe(log, { end: false });
    own.once("exit", () => void delay(restartMs).then(() => (isWanted && child === own ? begin() : undefined)));
    child = own;
  };

  return {
    service,
    number,
    port,
    isWanted: () => isWanted,
    signal: (name) => void child?.kill(name),
    starts: () => starts,
    start(clockOffMs = 0) {
      if (isWanted) return;
      offMs = clockOffMs;
      isWanted = true;
      begin();
    },
    async stop() {
      isWanted = false;
      const own = child;
      if (own === undefined || own.exitCode !== null || own.signalCode !== null) return;
      const exited = once(own, "exit");
      own.kill("SIGCONT");
      own.kill("SIGTERM");
      const late = setTimeout(() => own.kill("SIGKILL"), stopWithinMs);
      await exited;
      clearTimeout(late);
    },
    isReady: () =>
      fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2_000) }).then(
        ({ ok }) => ok,
        () => false,
      ),
  };
}
