import { createServer } from "node:net";
import {
  type Client,
  type DeskRecord,
  type ServiceName,
  createClient,
  ensureVendorAccess,
  hostServices,
  loginOf,
  openDesk,
  openQueues,
  portsFrom,
  serviceNames,
} from "@crossline/cli";
import { type LineDocument, kafkaOperator, kafkaUsersOf, queueTopic } from "@crossline/contracts";
import { type Broker, type WireRecord, kafkaBroker, memoryBroker } from "@crossline/messaging";
import type { LockedKafka } from "@crossline/servers";
import { type Log, createLogger } from "@crossline/service";
import { freshDatabase, kafkaBrokers, uniquePrefix, waitFor } from "@crossline/testing";
import { prefixed } from "./prefixed-broker.ts";
import { Story } from "./story.ts";
import { type Witness, openWitness } from "./witness.ts";

export const operatorKey = "operator-key-of-the-scenarios";
const internalKey = "internal-key-of-the-scenarios";

type Party = { readonly party: string; readonly key: string; readonly client: Client };

/** The real services on a real Postgres and a real Kafka in this process, for the stories of one test file. */
export type Stage = {
  readonly url: string;
  /** The services' own addresses, and the key of their internal routes. */
  readonly addresses: Readonly<Record<ServiceName, string>>;
  readonly internalKey: string;
  /** The database with all schemas. */
  readonly databaseUrl: string;
  readonly operator: Client;
  /** Registers a party under a unique name, with a key. */
  readonly party: (name: string, kind: "carrier" | "vendor") => Promise<Party>;
  /** Sends records like any client with access to the broker. */
  readonly send: Broker["send"];
  /** Returns the records that a vendor's own Kafka client has received. Empty without Kafka. */
  readonly received: (vendor: string) => readonly DeskRecord[];
  /** Opens a witness of these topics, which the caller stops. */
  readonly witness: (...topics: readonly string[]) => Promise<Witness>;
  /** Creates a carrier, a vendor, a line and a stepped timeline that starts at nine on a Saturday morning. */
  readonly story: (line: (vendor: string) => LineDocument) => Promise<Story>;
  readonly close: () => Promise<void>;
};

export type StageOptions = {
  /** The address to which the services send their traces. */
  readonly otlpEndpoint?: string;
  readonly log?: Log;
  /** Starts insight too. Most tests need no reports, and are quicker without it. */
  readonly insight?: boolean;
  /** Starts the console too. */
  readonly console?: boolean;
  /** Uses the in-process broker even if there is a Kafka, for tests that do not depend on the broker. */
  readonly inProcess?: boolean;
  /** A Kafka with users, on which each service has its own user. Its topics have no prefix. */
  readonly locked?: LockedKafka;
  /** Receives every record that a service sends to the in-process broker, on every topic. */
  readonly onSend?: (records: readonly WireRecord[]) => void;
};

/** Starts the services for one test file, with separate topics in the run's Kafka and a separate database. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const { otlpEndpoint, log: givenLog, inProcess = false, locked } = options;
  const names = serviceNames.filter((name) => (name !== "insight" && name !== "console") || options[name] === true);
  const database = await freshDatabase();
  const brokers = inProcess ? undefined : (locked?.brokers ?? (await kafkaBrokers()));
  const prefix = locked === undefined ? `${uniquePrefix()}.` : "";
  const ports = portsFrom(await freePorts(serviceNames.length));
  const log = givenLog ?? createLogger("scenario", process.env["LOG_LEVEL"] ?? "silent");
  const inMemory = observed(memoryBroker({ log, groups: names }), options.onSend);
  const carried = (name: string): Broker =>
    brokers === undefined ? inMemory : connectTo({ brokers, prefix, locked, log }, name);
  const host = await hostServices(
    {
      databaseUrls: Object.fromEntries(serviceNames.map((name) => [name, database.url])) as Record<ServiceName, string>,
      broker: brokers === undefined ? "memory" : "kafka",
      brokers: brokers ?? ["127.0.0.1:9092"],
      ports,
      internalKey,
      operatorKey,
      partitions: 3,
      otlpEndpoint,
      positionMs: 200,
    },
    carried,
    log,
    names,
  );
  const addresses = addressesOf(ports);
  const operator = createClient(addresses.intake, operatorKey);
  const records = new Map<string, DeskRecord[]>();
  const closes: (() => Promise<unknown>)[] = [() => database.drop(), () => host.stop()];

  const party: Stage["party"] = async (name, kind) => {
    const unique = `${name}-${uniquePrefix().slice(0, 7)}`;
    await operator.post("/v1/parties", { party: unique, kind, name });
    const { key } = await operator.post<{ key: string }>(`/v1/parties/${unique}/keys`);
    return { party: unique, key, client: createClient(addresses.intake, key) };
  };
  const listen = async (vendor: string): Promise<void> => {
    const seen: DeskRecord[] = [];
    records.set(vendor, seen);
    if (brokers === undefined) return;
    const topic = `${prefix}${queueTopic(vendor, "stepped")}`;
    const login = locked && (await ensureVendorAccess(locked, vendor));
    const open = () => openDesk({ brokers, vendor, ...login }, [topic], (record) => seen.push(record));
    closes.push((await waitFor(open, { timeoutMs: 15_000, what: `the topic ${topic}` })).close);
  };
  return {
    url: addresses.intake,
    addresses,
    internalKey,
    databaseUrl: database.url,
    send: (wires) => carried("stranger").send(wires),
    operator,
    party,
    received: (vendor) => records.get(vendor) ?? [],
    witness: (...topics) => openWitness(carried("witness"), topics),
    story: async (line) => {
      const carrier = await party("northtel", "carrier");
      const vendor = await party("orchard", "vendor");
      await listen(vendor.party);
      const document = line(vendor.party);
      await openQueues(vendor.client, vendor.party, [document]);
      await waitFor(() => carrier.client.post("/v1/lines", document), { timeoutMs: 5_000 });
      return Story.begin(castOf(carrier, vendor), document.line);
    },
    close: async () => {
      for (const close of closes.splice(0).toReversed()) await close();
    },
  };
}

type Place = {
  readonly brokers: readonly string[];
  readonly prefix: string;
  readonly locked: LockedKafka | undefined;
  readonly log: Log;
};

/** Connects a service or another client of a test to Kafka. */
function connectTo({ brokers, prefix, locked, log }: Place, name: string): Broker {
  const sasl = locked && { sasl: loginOf(locked.users, userNamed(name)) };
  return prefixed(kafkaBroker({ brokers, clientId: `scenario-${name}`, log, ...sasl }), prefix);
}

/** Returns the Kafka user of a service. Every other client of a test is the operator. */
function userNamed(name: string): string {
  const service = serviceNames.find((known) => known === name);
  return service === undefined ? kafkaOperator : kafkaUsersOf({ kind: "service", name: service })[0];
}

/** Returns a broker that also passes the sent records to `onSend`. */
function observed(broker: Broker, onSend: StageOptions["onSend"]): Broker {
  if (onSend === undefined) return broker;
  const send: Broker["send"] = (records) => {
    onSend(records);
    return broker.send(records);
  };
  return { ...broker, send };
}

function addressesOf(ports: Readonly<Record<ServiceName, number>>): Stage["addresses"] {
  const addresses = Object.fromEntries(serviceNames.map((name) => [name, `http://127.0.0.1:${ports[name]}`]));
  return addresses as Stage["addresses"];
}

function castOf(carrier: Party, vendor: Party) {
  const { client, key: carrierKey, party: carrierName } = carrier;
  const { client: vendorClient, key: vendorKey, party: vendorName } = vendor;
  return { carrier: client, carrierKey, carrierName, vendor: vendorClient, vendorKey, vendorName };
}

/**
 * Returns the first of `count` consecutive ports that are free now. Each worker of vitest has a range of its own, because another worker
 * could take a free port before its service listens.
 */
export async function freePorts(count: number): Promise<number> {
  const range = Number(process.env["VITEST_POOL_ID"] ?? 0) % 4;
  for (let attempt = 0; attempt < 50; attempt++) {
    const first = 20_000 + range * 2_500 + Math.floor(Math.random() * (2_500 - count));
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)));
    if (free.every(Boolean)) return first;
  }
  throw new Error("no free ports");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
