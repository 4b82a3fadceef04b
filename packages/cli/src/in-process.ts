import { once } from "node:events";
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { auditor } from "@crossline/auditor";
import { type ConfiguredService, configure } from "@crossline/chassis";
import { console as consoleService } from "@crossline/console";
import { insight } from "@crossline/insight";
import { intake } from "@crossline/intake";
import { type Broker, memoryBroker } from "@crossline/messaging";
import { notification } from "@crossline/notification";
import { connect, migrate } from "@crossline/postgres";
import { routing } from "@crossline/routing";
import { type Lifecycle, type Log, createLifecycle, createLogger, tracingIn } from "@crossline/service";
import { timer } from "@crossline/timer";
import { openTracing } from "@crossline/tracing";
import { CommandFault } from "./fault.ts";
import { stateFolder } from "./keys.ts";
import type { SeenRecord } from "./replay/observe.ts";
import { type ServiceName, type Settings, environmentOf, serviceNames } from "./services.ts";

type Environment = Record<string, string>;

const programs = { intake, timer, routing, notification, auditor, insight, console: consoleService };

/** Configures each service from an environment, as its `main.ts` does. */
const configured: Readonly<Record<ServiceName, (env: Environment) => ReturnType<typeof configure>>> = {
  intake: (env) => configure(intake, env),
  timer: (env) => configure(timer, env),
  routing: (env) => configure(routing, env),
  notification: (env) => configure(notification, env),
  auditor: (env) => configure(auditor, env),
  insight: (env) => configure(insight, env),
  console: (env) => configure(consoleService, env),
};

/** A running host or observer. */
export type Host = { readonly stop: () => Promise<void> };

/**
 * Runs the services in this process, by default all. If the caller passes no brokers, all services use one in-process broker. Services
 * run in one process on machines without Kafka, and in tests of the real services.
 */
export async function hostServices(
  settings: Settings,
  brokerFor?: (name: ServiceName, log: Log) => Broker,
  log: Log = fileLog(),
  names: readonly ServiceName[] = serviceNames,
): Promise<Host> {
  const life = createLifecycle(log);
  const inMemory = (_: ServiceName, own: Log): Broker => (shared ??= memoryBroker({ log: own, groups: names }));
  try {
    for (const name of names)
      await host(name, settings, life, { brokerFor: brokerFor ?? inMemory, log: log.child({ service: name }) });
  } catch (error) {
    await life.stop();
    throw error;
  }
  return { stop: async () => void (await life.stop()) };
}

const serviceStopMs = 20_000;

async function host(
  name: ServiceName,
  settings: Settings,
  life: Lifecycle,
  { brokerFor, log }: { readonly brokerFor: (name: ServiceName, log: Log) => Broker; readonly log: Log },
): Promise<void> {
  const { config, start } = configuredAs(name, settings);
  const { migrations, poolMax } = programs[name];
  const url = settings.databaseUrls[name];
  await migrate({ url, schema: name, directories: [...migrations] });
  const onError = (error: Error): void => log.warn({ err: error }, "a connection to the database was lost");
  const database = connect({
    url,
    schema: name,
    applicationName: `crossline-${name}`,
    onError,
    ...(poolMax !== undefined && { poolMax }),
  });
  life.add("database", () => database.close());
  const broker = brokerFor(name, log);
  life.add("broker", () => broker.close());
  const tracing = await openTracing({ service: name, log, ...tracingIn(config) });
  life.add("tracing", () => tracing.stop());
  const service = await start({ database, broker, log, tracing });
  life.add(name, () => service.stop(), serviceStopMs);
}

let shared: Broker | undefined;

const listeners = new Set<(record: SeenRecord) => void>();
let listening: Promise<unknown> | undefined;

/**
 * Passes every record of the case and clock topics of the in-process broker to `onRecord`. The reader has a separate
 * group. The group keeps its member after `stop`, because a group without members would make senders wait.
 */
export async function observeInProcess(onRecord: (record: SeenRecord) => void): Promise<Host> {
  if (shared === undefined) throw new CommandFault("There is no in-process broker to read from.");
  listeners.add(onRecord);
  await (listening ??= listenTo(shared));
  return { stop: () => Promise.resolve(void listeners.delete(onRecord)) };
}

function listenTo(broker: Broker): Promise<unknown> {
  return broker.subscribe({
    group: "replay-counter",
    topics: ["crossline.case.v1", "crossline.clock.v1"],
    fromBeginning: false,
    onAssigned: () => Promise.resolve(new Map()),
    onRecords: ({ topic, records }) => {
      for (const { key = "", headers, value = "" } of records)
        for (const listener of listeners) listener({ topic, key, headers, value });
      return Promise.resolve();
    },
    onCrash: (error) => {
      throw error;
    },
  });
}

function configuredAs(name: ServiceName, settings: Settings): ConfiguredService {
  const read = configured[name](environmentOf(name, settings));
  if ("faults" in read) throw new CommandFault(read.faults.join("\n"));
  return read;
}

function fileLog(): Log {
  mkdirSync(join(stateFolder, "logs"), { recursive: true });
  const file = createWriteStream(join(stateFolder, "logs", "services.log"), { flags: "a" });
  void once(file, "error");
  return createLogger("crossline", process.env["LOG_LEVEL"] ?? "info", file);
}
