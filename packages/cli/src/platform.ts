import { createServer } from "node:net";
import { kafkaOperator } from "@crossline/contracts";
import type { KafkaConnection } from "@crossline/messaging";
import { checkKafkaAvailability, createRoles, localKafkaUsers, startKafka, startPostgres } from "@crossline/servers";
import { startChild } from "./children.ts";
import { CommandFault } from "./fault.ts";
import { checkoutName, ensureSecret } from "./keys.ts";
import { makeOwnDatabase } from "./own-database.ts";
import { externalKafka } from "./kafka-environment.ts";
import { type OwnKafka, applyServiceRights, connectionAs, ensureVendorAccess, serviceUsersFor } from "./own-kafka.ts";
import { reserveDatabase } from "./reserve.ts";
import type { DeskConnection } from "./vendor-desk.ts";
import { type Ports, type ServiceName, type Settings, environmentOf, portsFrom, serviceNames } from "./services.ts";

/** The servers and services of a running Crossline. */
export type Platform = {
  /** The public address. */
  readonly url: string;
  readonly settings: Settings;
  /** True if the run drops its database at the end. */
  readonly isDisposable?: boolean;
  readonly rows: readonly { readonly what: string; readonly where: string; readonly how: string }[];
  readonly services: () => readonly { readonly name: ServiceName; readonly pid: number | undefined }[];
  /**
   * Kills one service to simulate a fault. The service restarts automatically. Throws if the services use the
   * in-process broker.
   */
  readonly kill: (name: ServiceName, signal: NodeJS.Signals) => void;
  /** The connection of the operator to Kafka. Undefined without Kafka. */
  readonly kafka: KafkaConnection | undefined;
  /** Returns the connection of a vendor's desk to Kafka, and gives the vendor access if it has none. Undefined without Kafka. */
  readonly connectDesk: (vendor: string) => Promise<DeskConnection | undefined>;
  /** Stops everything in order. */
  readonly stop: () => Promise<void>;
};

export type PlatformOptions = {
  /** The chosen broker. The default is Kafka if it can run here. */
  readonly broker?: "kafka" | "memory" | undefined;
  /** A Kafka with users that the caller has started. The default is the Kafka that the environment names, or a local one. */
  readonly kafka?: OwnKafka | undefined;
  readonly firstPort?: number | undefined;
  readonly partitions?: number | undefined;
  /** The services that start, in the order of `serviceNames`. Default: all services. */
  readonly names?: readonly ServiceName[];
  /**
   * The time that the auditor waits for an expected firing. If this option is missing, the auditor's default applies.
   */
  readonly auditGraceMs?: number | undefined;
  /** If true, a run with the in-process broker uses its own database, and drops this database at its end. */
  readonly ownDatabase?: boolean;
  /** Receives a text for each step of the start and for each event of a service. */
  readonly say: (line: string) => void;
};

type PlatformPart = {
  readonly what: string;
  readonly where: string;
  readonly how: string;
  readonly stop: () => Promise<void>;
};

/**
 * Starts Postgres, a broker and the services, and waits until they are ready. Throws a CommandFault if a server or a
 * service cannot start.
 */
export async function startPlatform({
  broker,
  kafka,
  firstPort = 7300,
  partitions = 12,
  names = serviceNames,
  auditGraceMs,
  ownDatabase = false,
  say,
}: PlatformOptions): Promise<Platform> {
  const ports = portsFrom(firstPort);
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const next of stops.splice(0).toReversed()) await next();
  };
  try {
    await checkPorts(ports);
    const postgres = await providePostgres(say);
    stops.push(postgres.stop);
    const brokerPart = kafka === undefined ? await provideBroker(broker, say) : await useKafka(kafka);
    stops.push(brokerPart.stop);
    const isDisposable = ownDatabase && brokerPart.kind === "memory";
    const database = isDisposable
      ? await makeOwnDatabase(postgres.where)
      : { url: postgres.where, ...(await reserveDatabase(postgres.where, brokerPart.kind)) };
    stops.push(database.stop);
    say("creating schemas and roles");
    const settings: Settings = {
      databaseUrls: await createRoles(database.url, serviceNames),
      broker: brokerPart.kind,
      brokers: brokerPart.brokers,
      ownKafka: brokerPart.own,
      ports,
      internalKey: ensureSecret("internal-key"),
      operatorKey: ensureSecret("operator-key"),
      partitions,
      auditGraceMs,
    };
    say("starting the services");
    const running =
      brokerPart.kind === "memory" ? await inOneProcess(settings, names) : asProcesses(settings, names, say);
    stops.push(running.stop);
    await Promise.all(names.map((name) => untilReady(name, ports[name], running.failed)));
    const services = names.map((name) => ({
      what: name,
      where: `http://127.0.0.1:${ports[name]}`,
      how: running.how(name),
    }));
    const parts = [postgres, brokerPart].map(({ what, where, how }) => ({ what, where: withoutPassword(where), how }));
    return {
      url: `http://127.0.0.1:${ports.intake}`,
      settings,
      isDisposable,
      rows: [...services.toReversed(), ...parts],
      services: running.services,
      kill: running.kill,
      kafka: connectOperator(brokerPart),
      connectDesk: (vendor) => connectDesk(brokerPart, vendor),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function providePostgres(say: (line: string) => void): Promise<PlatformPart> {
  const given = process.env["DATABASE_URL"];
  if (given !== undefined && given !== "") {
    return { what: "PostgreSQL", where: given, how: "given by DATABASE_URL", stop: () => Promise.resolve() };
  }
  say("starting PostgreSQL");
  const { url, adopted, stop } = await startPostgres({
    name: checkoutName("crossline"),
    settings: { max_connections: "200" },
  });
  return { what: "PostgreSQL", where: url, how: adopted ? "embedded, already running" : "embedded", stop };
}

type BrokerPart = PlatformPart & {
  readonly kind: "kafka" | "memory";
  readonly brokers: readonly string[];
  /** Present if the Kafka has the users of Crossline. */
  readonly own?: OwnKafka;
};

async function provideBroker(wanted: "kafka" | "memory" | undefined, say: (line: string) => void): Promise<BrokerPart> {
  const given = process.env["KAFKA_BROKERS"];
  const stop = (): Promise<void> => Promise.resolve();
  if (wanted !== "memory" && given !== undefined && given !== "") {
    return {
      what: "Kafka",
      where: given,
      how: "given by KAFKA_BROKERS",
      kind: "kafka",
      brokers: given.split(","),
      stop,
    };
  }
  const availability = wanted === "memory" ? { ok: false as const, reason: "" } : checkKafkaAvailability();
  if (availability.ok) {
    const name = checkoutName("crossline");
    const local = await startKafka({ name, users: serviceUsersFor(localKafkaUsers(name)), onProgress: say });
    try {
      const part = await useKafka(local);
      return { ...part, how: `${part.how}${local.adopted ? ", already running" : ""}`, stop: local.stop };
    } catch (error) {
      await local.stop();
      throw error;
    }
  }
  if (wanted === "kafka") throw new CommandFault(availability.reason);
  say(
    `Without Kafka, a durable in-process broker carries the events. One process hosts all services, so no vendor can consume a queue from outside.${availability.reason === "" ? "" : ` ${availability.reason}`}`,
  );
  return { what: "broker", where: "in process", how: "durable, in this process", kind: "memory", brokers: [], stop };
}

/** Gives the services their rights on a Kafka with users. */
async function useKafka(kafka: OwnKafka): Promise<BrokerPart> {
  await applyServiceRights(kafka);
  const { brokers } = kafka;
  const how = "Apache Kafka 4.3, with passwords";
  const where = brokers.join(",");
  return { what: "Kafka", where, how, kind: "kafka", brokers, own: kafka, stop: () => Promise.resolve() };
}

function connectOperator({ kind, brokers, own }: BrokerPart): KafkaConnection | undefined {
  if (kind === "memory") return undefined;
  return own === undefined ? (externalKafka() ?? { brokers }) : connectionAs(own, kafkaOperator);
}

async function connectDesk({ kind, brokers, own }: BrokerPart, vendor: string): Promise<DeskConnection | undefined> {
  if (kind === "memory") return undefined;
  const connection = own === undefined ? (externalKafka() ?? { brokers }) : await ensureVendorAccess(own, vendor);
  return { ...connection, vendor };
}

type Running = {
  readonly how: (name: ServiceName) => string;
  readonly services: Platform["services"];
  readonly kill: Platform["kill"];
  /** Returns the message for a service that could not start. */
  readonly failed: () => string | undefined;
  readonly stop: () => Promise<void>;
};

function asProcesses(settings: Settings, names: readonly ServiceName[], say: (line: string) => void): Running {
  let failure: string | undefined;
  const children = names.map((name) =>
    startChild(name, {
      env: environmentOf(name, settings),
      onExit: ({ code, signal, restarts, refusal }) => {
        say(
          `${name} ended (${signal ?? `exit ${code}`})${restarts ? ", restarting it" : " and will not be restarted"}`,
        );
        const logHint = `its log is .crossline/logs/${name}.log.`;
        if (!restarts) failure ??= `${name} does not start: ${refusal ?? logHint}`;
      },
    }),
  );
  return {
    how: (name) => `process ${children.find((child) => child.name === name)?.pid()}`,
    services: () => children.map(({ name, pid }) => ({ name, pid: pid() })),
    kill: (name, signal) => children.find((child) => child.name === name)?.kill(signal),
    failed: () => failure,
    stop: async () => {
      for (const child of children.toReversed()) await child.stop();
    },
  };
}

async function inOneProcess(settings: Settings, names: readonly ServiceName[]): Promise<Running> {
  const { hostServices } = await import("./in-process.ts");
  const host = await hostServices(settings, undefined, undefined, names);
  return {
    how: () => `in process ${process.pid}`,
    services: () => names.map((name) => ({ name, pid: process.pid })),
    kill: () => {
      throw new CommandFault("One process hosts all services here, so no service can be killed alone: use Kafka.");
    },
    failed: () => undefined,
    stop: host.stop,
  };
}

async function untilReady(name: ServiceName, port: number, failed: () => string | undefined): Promise<void> {
  for (const deadline = performance.now() + 60_000; performance.now() < deadline;) {
    const failure = failed();
    if (failure !== undefined) throw new CommandFault(failure);
    const isReady = await fetch(`http://127.0.0.1:${port}/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new CommandFault(`${name} was not ready within a minute; its log is .crossline/logs/${name}.log.`);
}

async function checkPorts(ports: Ports): Promise<void> {
  for (const port of Object.values(ports)) {
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer().once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (!isFree) {
      throw new CommandFault(
        `Port ${port} is in use: stop the program that uses it, or start with --port N to use N to N+9.`,
      );
    }
  }
}

function withoutPassword(address: string): string {
  return address.replace(/(\/\/[^:@/]*):[^@/]*@/, "$1@");
}
