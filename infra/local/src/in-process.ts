import { once } from "node:events";
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { startAuditor } from "@crossline/auditor";
import { auditorConfig, settingsOf as auditorSettingsOf } from "@crossline/auditor/config";
import { auditorMigrations } from "@crossline/auditor/migrations";
import { startIntake } from "@crossline/intake";
import { intakeConfig } from "@crossline/intake/config";
import { intakeMigrations } from "@crossline/intake/migrations";
import { type Broker, memoryBroker } from "@crossline/messaging";
import { startNotification } from "@crossline/notification";
import { notificationConfig, settingsOf } from "@crossline/notification/config";
import { notificationMigrations } from "@crossline/notification/migrations";
import { type Database, connect, migrate } from "@crossline/postgres";
import { startRouting } from "@crossline/routing";
import { routingConfig } from "@crossline/routing/config";
import { routingMigrations } from "@crossline/routing/migrations";
import { type Log, baseConfig, createLogger, parseConfig, tracingIn } from "@crossline/service";
import { startTimer } from "@crossline/timer";
import { timerConfig } from "@crossline/timer/config";
import { timerMigrations } from "@crossline/timer/migrations";
import { type Tracing, openTracing } from "@crossline/tracing";
import { z } from "zod";
import { LocalFault } from "./fault.ts";
import { stateFolder } from "./keys.ts";
import type { SeenRecord } from "./replay/observe.ts";
import { type ServiceName, type Settings, environmentOf, serviceNames } from "./services.ts";

type Parts = { readonly database: Database; readonly broker: Broker; readonly log: Log; readonly tracing: Tracing };
type Service = { readonly stop: () => Promise<unknown> };

const migrations: Readonly<Record<ServiceName, readonly string[]>> = {
  intake: intakeMigrations,
  timer: timerMigrations,
  routing: routingMigrations,
  notification: notificationMigrations,
  auditor: auditorMigrations,
};

/** Each service's `app.ts`, started as its `main.ts` does, but for who owns the process. */
const starts: Readonly<Record<ServiceName, (parts: Parts, env: Record<string, string>) => Promise<Service>>> = {
  intake: (parts, env) => startIntake({ ...parts, config: read(intakeConfig, env) }),
  timer: (parts, env) => {
    const config = read(timerConfig, env);
    const { INTERNAL_KEY: internalKey, PARTITIONS: partitions } = config;
    return startTimer({ ...parts, config: { internalKey, partitions }, http: addressIn(config) });
  },
  routing: (parts, env) => {
    const config = read(routingConfig, env);
    const { INTERNAL_KEY: internalKey, PARTITIONS: partitions, INTAKE_URL: intakeUrl } = config;
    return startRouting({ ...parts, config: { internalKey, partitions, intakeUrl }, http: addressIn(config) });
  },
  notification: (parts, env) => {
    const config = read(notificationConfig, env);
    return startNotification({ ...parts, config: settingsOf(config), http: addressIn(config) });
  },
  auditor: (parts, env) => {
    const config = read(auditorConfig, env);
    return startAuditor({ ...parts, config: auditorSettingsOf(config), http: addressIn(config) });
  },
};

export type Host = { readonly stop: () => Promise<void> };

/**
 * Runs the services in this process, on brokers that the caller gives (one each) or one in-process broker for all. For
 * machines without Kafka, and for tests that drive the real services.
 */
export async function hostServices(
  settings: Settings,
  brokerFor: (name: ServiceName, log: Log) => Broker = memoryFor,
  log: Log = fileLog(),
): Promise<Host> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const next of stops.splice(0).toReversed()) await next();
  };
  try {
    for (const name of serviceNames) {
      const schema = name;
      const url = settings.databaseUrls[name];
      await migrate({ url, schema, directories: [...migrations[name]] });
      const own = log.child({ service: name });
      const onError = (error: Error): void => own.warn({ err: error }, "a connection to the database was lost");
      const database = connect({ url, schema, applicationName: `crossline-${name}`, onError });
      stops.push(() => database.close());
      const broker = brokerFor(name, own);
      stops.push(() => broker.close());
      const env = environmentOf(name, settings);
      const where = tracingIn(read(z.object(baseConfig({ port: 0 })), env));
      const tracing = await openTracing({ service: name, log: own, ...where });
      stops.push(() => tracing.stop());
      const service = await starts[name]({ database, broker, log: own, tracing }, env);
      stops.push(() => service.stop());
    }
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

let shared: Broker | undefined;

function memoryFor(_: ServiceName, log: Log): Broker {
  shared ??= memoryBroker({ log, groups: ["intake", "timer", "routing", "notification", "auditor"] });
  return shared;
}

const listeners = new Set<(record: SeenRecord) => void>();
let listening: Promise<unknown> | undefined;

/**
 * Hears every record of the case and clock topics of the in-process broker, as one more group that reads them. The group stays:
 * senders would wait for one whose members are all gone.
 */
export async function observeInProcess(onRecord: (record: SeenRecord) => void): Promise<Host> {
  if (shared === undefined) throw new LocalFault("There is no in-process broker to listen to.");
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

function read<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: Record<string, string>,
): z.output<z.ZodObject<Shape>> {
  const result = parseConfig(schema, env);
  if ("faults" in result) throw new LocalFault(result.faults.join("\n"));
  return result.config;
}

function addressIn({ HOST: host, PORT: port }: { readonly HOST: string; readonly PORT: number }) {
  return { host, port };
}

function fileLog(): Log {
  mkdirSync(join(stateFolder, "logs"), { recursive: true });
  const file = createWriteStream(join(stateFolder, "logs", "services.log"), { flags: "a" });
  void once(file, "error");
  return createLogger("crossline", process.env["LOG_LEVEL"] ?? "info", file);
}
