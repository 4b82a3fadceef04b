import { randomUUID } from "node:crypto";
import {
  type LineDocument,
  type LineRef,
  type Message,
  type ReceivedMessage,
  type TimelineReport,
  newId,
  topics,
  wall,
} from "@crossline/contracts";
import { type Broker, fromWire, memoryBroker, toWire } from "@crossline/messaging";
import { type Database, connect } from "@crossline/postgres";
import { createLogger } from "@crossline/service";
import { type ServiceDeps, type StartedService, startService } from "@crossline/chassis";
import { freshDatabase, waitFor } from "@crossline/testing";
import { intake as program } from "../src/app.ts";
import type { IntakeSettings, MailSettings } from "../src/config.ts";
import { type ServiceStandIn, startStandIn } from "./stand-in.ts";

export const internalKey = "internal-key-of-these-tests";
export const operatorKey = "operator-key-of-these-tests";
export const partitions = 3;
const log = createLogger("intake-test", "silent");

export type ApiResponse = { readonly status: number; readonly body: any; readonly headers: Headers };

/** An HTTP client with one party's API key. */
type Client = {
  get(path: string): Promise<ApiResponse>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiResponse>;
  send(method: string, path: string, init?: RequestInit): Promise<ApiResponse>;
};

function createClient(url: () => string, key: string): Client {
  async function send(method: string, path: string, init: RequestInit = {}): Promise<ApiResponse> {
    const headers = new Headers(init.headers);
    if (!headers.has("authorization")) headers.set("authorization", `Bearer ${key}`);
    const response = await fetch(new URL(path, url()), { ...init, method, headers });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
  }
  return {
    get: (path) => send("GET", path),
    post: (path, body = {}, headers = {}) =>
      send("POST", path, {
        body: JSON.stringify(body),
        headers: { "content-type": "application/json", "idempotency-key": randomUUID(), ...headers },
      }),
    send,
  };
}

/** A running intake with its database, its broker and stand-ins for the other services. */
export type World = {
  readonly database: Database;
  readonly broker: Broker;
  readonly intake: StartedService;
  readonly standIns: {
    readonly timer: ServiceStandIn;
    readonly routing: ServiceStandIn;
    readonly notification: ServiceStandIn;
  };
  readonly operator: Client;
  readonly northtel: Client;
  readonly lumen: Client;
  readonly orchard: Client;
  /** The events that intake has published, in the order of arrival. */
  readonly events: ReceivedMessage[];
  client(key: string): Client;
  /** Creates a party with a key. */
  party(party: string, kind: "carrier" | "vendor"): Promise<Client>;
  /** Publishes messages as other services do. */
  publish(...messages: readonly Message[]): Promise<void>;
  /** Publishes a version of a carrier's line. */
  line(carrier: string, name: string, mode?: "observe" | "cross", version?: number): Promise<void>;
  /** Publishes the first version of a line with these properties for the carrier Northtel. */
  lineWith(name: string, more: Partial<LineDocument>): Promise<void>;
  /** Restarts intake. */
  restart(): Promise<void>;
  /** Starts a second replica of intake on the same database. Stop the replica before the world stops. */
  replica(more?: Partial<IntakeSettings>): Promise<StartedService>;
  /** Returns the types of the events that intake has published about a case. */
  eventTypes(caseId: string): string[];
  stop(): Promise<void>;
};

type Limits = Pick<IntakeSettings, "canaryUrl" | "canarySmtpUrl"> & {
  readonly outboxLimit?: number;
  readonly backlogLimit?: number;
  readonly requestsMax?: number;
  readonly mail?: MailSettings;
};

export async function createWorld(options: Limits = {}): Promise<World> {
  const fresh = await freshDatabase("intake");
  const database = connect({ ...fresh.options("intake"), poolMax: 20 });
  const broker = memoryBroker({ log });
  const events: ReceivedMessage[] = [];
  await broker.ensureTopics(Object.values(topics).map((topic) => ({ topic, partitions, compacted: false })));
  const witness = await witnessAll(broker, events);
  const [timer, routing, notification] = await Promise.all([
    startStandIn("timer"),
    startStandIn("routing"),
    startStandIn("notification"),
  ]);
  const settings = settingsFor({ timer, routing, notification }, options);
  const deps: ServiceDeps<IntakeSettings> = { settings, database, broker, log };
  let intake = await startService(program, deps);
  const client = (key: string) => createClient(() => intake.url, key);
  const operator = client(operatorKey);

  async function party(name: string, kind: "carrier" | "vendor"): Promise<Client> {
    await operator.post("/v1/parties", { party: name, kind, name });
    const created = await operator.post(`/v1/parties/${name}/keys`);
    return client(created.body.key);
  }
  const publish = (...messages: readonly Message[]) =>
    broker.send(messages.map((message) => toWire(message, "/crossline/test")));
  // Timelines are caught up, because each stand-in reports that it has applied all records of intake.
  const standIns = { timer, routing, notification };
  for (const standIn of Object.values(standIns)) standIn.counts = () => countsOf(database);

  return {
    database,
    broker,
    get intake() {
      return intake;
    },
    standIns,
    operator,
    northtel: await party("northtel", "carrier"),
    lumen: await party("lumen", "carrier"),
    orchard: await party("orchard", "vendor"),
    events,
    client,
    party,
    publish,
    line: (carrier, name, mode = "cross", version = 1) => publish(lineMessage({ carrier, name, version }, { mode })),
    lineWith: (name, more) => publish(lineMessage({ carrier: "northtel", name, version: 1 }, more)),
    replica: (more = {}) => startService(program, { ...deps, settings: { ...settings, ...more } }),
    async restart() {
      await intake.stop();
      intake = await startService(program, deps);
    },
    eventTypes: (caseId) =>
      events
        .filter(({ key, topic }) => key === caseId && topic === topics.case)
        .toSorted((a, b) => a.sequence - b.sequence)
        .map(({ type }) => type),
    async stop() {
      await intake.stop();
      await witness.stop();
      await Promise.all([timer.stop(), routing.stop(), notification.stop()]);
      await broker.close();
      await database.close();
      await fresh.drop();
    },
  };
}

function settingsFor(standIns: World["standIns"], limits: Limits) {
  const { outboxLimit = 50_000, backlogLimit = 1_000, requestsMax = 1_000, mail, canaryUrl, canarySmtpUrl } = limits;
  return {
    internalKey,
    operatorKey,
    partitions,
    addresses: {
      timer: standIns.timer.url,
      routing: standIns.routing.url,
      notification: standIns.notification.url,
      insight: "http://127.0.0.1:1", // No service listens here, so the reports are unavailable.
      console: "http://127.0.0.1:1",
    },
    auditorUrl: "http://127.0.0.1:1",
    outboxLimit,
    backlogLimit,
    requestsMax,
    connectionsMax: 1_000,
    mail,
    canaryUrl,
    canarySmtpUrl,
  };
}

/** Returns the report that a service sends when it has applied all records of intake. */
async function countsOf(database: Database): Promise<(timeline: string) => TimelineReport> {
  const rows = await database.query<{ timeline: string; topic: string; appended: number }>({
    text: "select timeline, topic, sum(appended)::bigint as appended from timeline_count group by 1, 2",
  });
  return (timeline) => ({
    appended: {},
    applied: Object.fromEntries(
      rows.filter((row) => row.timeline === timeline).map(({ topic, appended }) => [topic, appended]),
    ),
    parked: 0,
    dead: 0,
  });
}

function witnessAll(broker: Broker, events: ReceivedMessage[]) {
  return broker.subscribe({
    group: `witness-${newId("cs")}`,
    topics: [topics.case, topics.change, topics.party],
    onAssigned: async () => new Map(),
    onRecords: async ({ records }) => {
      for (const record of records) {
        const read = fromWire(record);
        if (read.ok && !read.skipped) events.push(read.event);
      }
    },
    onCrash: (error) => log.error({ err: error }, "the consumer of the test failed"),
  });
}

function lineMessage(line: LineRef, more: Partial<LineDocument>): Message {
  const { carrier, name, version } = line;
  const { mode = "cross" } = more;
  const document = {
    line: name,
    mode,
    calendar: "24x7",
    clocks: [{ kind: "stall.idle", target: "PT2H", warnAt: [] }],
    crossing: mode === "cross" ? [{ to: "queue:orchard.handheld", mode: "ticket", repeat: 1 }] : [],
    lastResort: mode === "cross" ? ["https://northtel.example/duty"] : [],
    ...more,
  };
  const key = `${carrier}/${name}@${version}`;
  const data = { line, document };
  return { topic: topics.line, key, sequence: 1, type: "line.published", time: 0, timeline: wall, data };
}

/** Returns the body of a request that opens a case. `more` adds or replaces fields. */
export function opening(more: Record<string, unknown> = {}): Record<string, unknown> {
  return { carrierCaseId: `NT-${randomUUID()}`, title: "Handheld is dead", channel: "phone", ...more };
}

export { waitFor };
