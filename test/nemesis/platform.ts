import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createRoles } from "@crossline/servers";
import { type Disk, type ServerProcess, makeDisk, startBroker, startDatabase, sweepDisks } from "./servers.ts";
import { type Proxy, isProduceResponse, startProxy, isCommitReply } from "./proxy.ts";
import { type Replica, createReplica } from "./replica.ts";
import { type Ports, type Service, portsFrom, replicasMax, services } from "./services.ts";

type ReplicaWires = { readonly postgres: Proxy; readonly kafka: Proxy };

/** The whole system under test. Faults can reach each process and each of its connections. */
export type Platform = {
  readonly ports: Ports;
  readonly operatorKey: string;
  readonly internalKey: string;
  /** The addresses for clients outside the system, without a proxy. */
  readonly brokers: readonly string[];
  readonly database: ServerProcess & { readonly url: string };
  readonly broker: ServerProcess;
  readonly disk: Disk;
  readonly replica: (service: Service, number: number) => Replica;
  /** A replica's connections to Postgres and Kafka. */
  readonly wires: (service: Service, number: number) => ReplicaWires;
  /** The addresses of the intake replicas that should run. */
  readonly addresses: () => readonly string[];
  readonly untilReady: (replica: Replica, withinMs?: number) => Promise<boolean>;
};

/** The functions that stop the started components, in the order of their start. */
export type Stops = (() => Promise<void> | void)[];

type Options = {
  readonly firstPort: number;
  readonly folder: string;
  readonly partitions: number;
  readonly diskMegabytes: number;
  readonly checkout?: string | undefined;
  /** The number of replicas of each service at the start. */
  readonly replicas: number;
  readonly say: (line: string) => void;
};

/**
 * Starts Postgres, Kafka, their proxies and the replicas of each service, and waits until they are ready. Each
 * component adds its stop function to `stops` when it starts. The caller must call these functions from the last to the first.
 */
export async function startPlatform(options: Options, stops: Stops): Promise<Platform> {
  const { firstPort, replicas: count, diskMegabytes, say } = options;
  const ports = portsFrom(firstPort);
  const name = `nemesis-${process.pid}`;
  sweepDisks();
  const disk = makeDisk(name, diskMegabytes);
  stops.push(disk.remove);
  say("starting PostgreSQL and Kafka");
  const database = await startDatabase(name, ports.postgres, disk);
  stops.push(database.stop);
  const broker = await startBroker(name, ports.kafka, listenersOf(ports));
  stops.push(broker.stop);
  const all = await startReplicas(options, ports, database.url, stops);
  for (const { replica } of all) if (replica.number < count) replica.start();
  say(`starting ${count} replicas of each service`);
  const initial = all.map(({ replica }) => replica).filter(({ isWanted }) => isWanted());
  const ready = await Promise.all(initial.map((replica) => untilReady(replica, 60_000)));
  if (ready.includes(false)) throw new Error(`a service was not ready within a minute, see ${options.folder}`);
  const find = (service: Service, number: number) =>
    all.find(({ replica }) => replica.service === service && replica.number === number) as (typeof all)[number];
  const intakes = all.map(({ replica }) => replica).filter(({ service }) => service === "intake");
  return {
    ports,
    operatorKey,
    internalKey,
    brokers: [`127.0.0.1:${ports.kafka}`],
    database,
    broker,
    disk,
    replica: (service, number) => find(service, number).replica,
    wires: (service, number) => find(service, number).wires,
    addresses: () => intakes.filter(({ isWanted }) => isWanted()).map(({ port }) => `http://127.0.0.1:${port}`),
    untilReady,
  };
}

const operatorKey = randomBytes(24).toString("hex");
const internalKey = randomBytes(24).toString("hex");

async function startReplicas(
  { folder, partitions, checkout }: Options,
  ports: Ports,
  databaseUrl: string,
  stops: Stops,
): Promise<{ replica: Replica; wires: ReplicaWires }[]> {
  const urls = await createRoles(databaseUrl, services);
  const all: { replica: Replica; wires: ReplicaWires }[] = [];
  for (const service of services) {
    for (let number = 0; number < replicasMax; number++) {
      const wires = await startWires(ports, service, number);
      stops.push(wires.postgres.stop, wires.kafka.stop);
      const url = new URL(urls[service]);
      url.port = String(wires.postgres.port);
      const env = environmentOf(ports, { service, number, url: url.href, partitions });
      const { http: port } = ports.of(service, number);
      all.push({ replica: createReplica({ service, number, port, env, logFolder: folder, checkout }), wires });
    }
  }
  stops.push(async () => void (await Promise.all(all.map(({ replica }) => replica.stop()))));
  for (const service of services) {
    const own = all.map(({ replica }) => replica).filter((replica) => replica.service === service);
    const targets = (): number[] => rotated(own.filter(({ isWanted }) => isWanted()).map(({ port }) => port));
    const balancer = await startProxy({ port: ports.balancer(service), targets });
    stops.push(balancer.stop);
  }
  return all;
}

async function startWires(ports: Ports, service: Service, number: number): Promise<ReplicaWires> {
  const { postgresProxy, kafkaProxy, kafkaListener } = ports.of(service, number);
  return {
    postgres: await startProxy({ port: postgresProxy, targets: () => [ports.postgres], isWanted: isCommitReply }),
    kafka: await startProxy({ port: kafkaProxy, targets: () => [kafkaListener], isWanted: isProduceResponse }),
  };
}

function listenersOf(ports: Ports) {
  return services.flatMap((service) =>
    Array.from({ length: replicasMax }, (_, number) => {
      const { kafkaListener: port, kafkaProxy: advertisedPort } = ports.of(service, number);
      return { name: `${service.toUpperCase()}_${number}`, port, advertisedPort };
    }),
  );
}

type ReplicaPlace = {
  readonly service: Service;
  readonly number: number;
  readonly url: string;
  readonly partitions: number;
};

function environmentOf(ports: Ports, { service, number, url, partitions }: ReplicaPlace): Record<string, string> {
  const { http, kafkaProxy } = ports.of(service, number);
  const address = (of: Service): string => `http://127.0.0.1:${ports.balancer(of)}`;
  return {
    DATABASE_URL: url,
    BROKER: "kafka",
    KAFKA_BROKERS: `127.0.0.1:${kafkaProxy}`,
    HOST: "127.0.0.1",
    PORT: String(http),
    INTERNAL_KEY: internalKey,
    OPERATOR_KEY: operatorKey,
    PARTITIONS: String(partitions),
    LOG_LEVEL: "info",
    INTAKE_URL: address("intake"),
    TIMER_URL: address("timer"),
    ROUTING_URL: address("routing"),
    NOTIFICATION_URL: address("notification"),
    WEBHOOK_PRIVATE_ADDRESSES: "allow", // The receivers are on this machine.
  };
}

let firstTarget = 0;

/** Returns the items, beginning with a different item each time, so that the balancer spreads its connections. */
function rotated<T>(items: readonly T[]): T[] {
  const first = items.length === 0 ? 0 : firstTarget++ % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

async function untilReady(replica: Replica, withinMs = 30_000): Promise<boolean> {
  for (const deadline = performance.now() + withinMs; performance.now() < deadline; await delay(100)) {
    if (await replica.isReady()) return true;
  }
  return false;
}

/** Returns the folder with the history and logs of a run. Git ignores it. */
export function runFolder(seed: number): string {
  return join(import.meta.dirname, "../../.crossline/nemesis", String(seed));
}
