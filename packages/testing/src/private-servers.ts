import { randomBytes } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  type ExtraListener,
  type LockedKafka,
  checkKafkaAvailability,
  startKafka,
  startOpenKafka,
  startPostgres,
} from "@crossline/servers";
import { privateFolder } from "./leftovers.ts";
import { nonDurableSettings } from "./run-servers.ts";

/** A server for one test, which may stop, kill or pause the server. The address of the server stays the same. */
export type PrivateServer = {
  /** Stops the server cleanly. The data stays. */
  readonly stop: () => Promise<void>;
  /** Sends SIGKILL and waits until the process has ended. */
  readonly kill: () => Promise<void>;
  /** Starts the server again on its old port after `stop` or `kill`. Resolves when the server responds. */
  readonly start: () => Promise<void>;
  /** Sends SIGSTOP to all processes of the server. Connections stay open, but the server does not respond. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Stops the server for good and removes its data. The test must call `remove` even if the server is stopped or paused. */
  readonly remove: () => Promise<void>;
};

/** A test kills the process but not the machine, so commits must reach the operating system, but not the disk. */
const killedSettings = { ...nonDurableSettings, synchronous_commit: "on" };

/** The settings of production, which benchmarks also use. Every commit reaches the disk. */
const durableSettings = { max_connections: "300", shared_preload_libraries: "pg_stat_statements" };

/** Starts a PostgreSQL for one test (0.7 s). If `durable` is true, each commit reaches the disk, as in production. */
export async function privatePostgres({ durable = false }: { readonly durable?: boolean } = {}): Promise<
  PrivateServer & { readonly url: string }
> {
  const { name, folder, clear } = place();
  const settings = durable ? durableSettings : killedSettings;
  const first = await startPostgres({ name, folder, settings });
  const port = Number(new URL(first.url).port);
  const again = () => startPostgres({ name, folder, port, settings });
  return { url: first.url, ...controls(first, again, clear) };
}

/**
 * Starts a Kafka for one test (2.5 s). If Kafka cannot run here, the function returns undefined, or throws an error if
 * CROSSLINE_REQUIRE_KAFKA is 1.
 */
export async function privateKafka(): Promise<
  (PrivateServer & { readonly brokers: string[]; readonly pid: number }) | undefined
> {
  if (!canRunKafka()) return undefined;
  const { name, folder, clear } = place();
  const first = await startOpenKafka({ name, folder });
  const again = () => startOpenKafka({ name, folder, port: first.port });
  return { brokers: first.brokers, pid: first.pid, ...controls(first, again, clear) };
}

/**
 * Starts a Kafka with these users and further listeners for one test. If Kafka cannot run here, the function does as
 * `privateKafka`.
 */
export async function privateLockedKafka(
  users: readonly string[],
  extra: readonly ExtraListener[] = [],
): Promise<(LockedKafka & PrivateServer) | undefined> {
  if (!canRunKafka()) return undefined;
  const { name, folder, clear } = place();
  const kafka = await startKafka({ name, folder, users, extra });
  const again = () => startKafka({ name, folder, users, extra, port: kafka.port });
  return { ...kafka, ...controls(kafka, again, clear) };
}

function canRunKafka(): boolean {
  const availability = checkKafkaAvailability();
  if (!availability.ok && process.env["CROSSLINE_REQUIRE_KAFKA"] === "1")
    throw new Error(`Kafka cannot run here: ${availability.reason}`);
  return availability.ok;
}

type RunningServer = { readonly pid: number; readonly stop: () => Promise<void> };

function controls(first: RunningServer, again: () => Promise<RunningServer>, clear: () => void): PrivateServer {
  let running = first;
  const signal = (name: NodeJS.Signals) => {
    for (const pid of [running.pid, ...children(running.pid)]) send(pid, name);
  };
  return {
    stop: () => running.stop(),
    kill: async () => {
      send(running.pid, "SIGKILL");
      await running.stop();
    },
    start: async () => {
      running = await again();
    },
    pause: () => signal("SIGSTOP"),
    resume: () => signal("SIGCONT"),
    remove: async () => {
      signal("SIGCONT");
      await running.stop();
      clear();
    },
  };
}

function place(): { name: string; folder: string; clear: () => void } {
  const folder = privateFolder();
  const name = `${process.pid}-${randomBytes(4).toString("hex")}`;
  return { name, folder, clear: () => rmSync(join(folder, name), { recursive: true, force: true }) };
}

/** Returns the child processes of a pid. Postgres has one child process for each connection. */
function children(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // The process has already ended.
  }
}
