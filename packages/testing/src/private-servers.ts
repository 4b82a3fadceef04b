import { randomBytes } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { checkKafkaAvailability, startKafka, startPostgres } from "@crossline/servers";
import { privateFolder } from "./leftovers.ts";
import { nonDurableSettings } from "./run-servers.ts";

/** A server that belongs to one test, so that harm can be done to it. Its address stays the same. */
export type PrivateServer = {
  /** Stops it in good order; data stays. */
  readonly stop: () => Promise<void>;
  /** SIGKILL; returns when the process is gone. */
  readonly kill: () => Promise<void>;
  /** Starts it again after `stop` or `kill`, on its old port; returns when it answers. */
  readonly start: () => Promise<void>;
  /** SIGSTOP to all of its processes: connections stay open and nothing answers. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Stops it for good and removes its data. Must be called, whatever its state. */
  readonly remove: () => Promise<void>;
};

/** Its process may be killed, its machine not: what was committed must be written, but need not be on the disk. */
const killedSettings = { ...nonDurableSettings, synchronous_commit: "on" };

/** As a server that matters is set: every commit on the disk. For measurements. */
const durableSettings = { max_connections: "300", shared_preload_libraries: "pg_stat_statements" };

/** A PostgreSQL of the test's own (0.7 s). With `durable`, it writes to the disk as in production. */
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

/** A Kafka of the test's own (2.5 s); undefined where none is to be had, which is an error with CROSSLINE_REQUIRE_KAFKA=1. */
export async function privateKafka(): Promise<(PrivateServer & { readonly brokers: string[] }) | undefined> {
  const possible = checkKafkaAvailability();
  if (!possible.ok) {
    if (process.env["CROSSLINE_REQUIRE_KAFKA"] === "1") throw new Error(`no Kafka to be had: ${possible.reason}`);
    return undefined;
  }
  const { name, folder, clear } = place();
  const first = await startKafka({ name, folder });
  const again = () => startKafka({ name, folder, port: first.port });
  return { brokers: first.brokers, ...controls(first, again, clear) };
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

/** Postgres has a process for each connection. */
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
    // gone already
  }
}
