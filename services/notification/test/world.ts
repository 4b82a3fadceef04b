import { createAssertions, generateKey, operatorKeyHolder } from "@crossline/access";
import {
  compactedTopics,
  type EventData,
  type Message,
  type ReceivedMessage,
  topics,
  wall,
} from "@crossline/contracts";
import { type Broker, fromWire, memoryBroker, toWire } from "@crossline/messaging";
import { connect, type Database } from "@crossline/postgres";
import { createLogger } from "@crossline/service";
import { type StartedService, startService } from "@crossline/chassis";
import { type FreshDatabase, freshDatabase } from "@crossline/testing";
import { notification } from "../src/app.ts";
import { type Settings, withDefaults } from "../src/config.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

export const internalKey = "internal-key-of-these-tests";
export const log = createLogger("notification-test", "silent");

/** Settings that have short waits and allow addresses of this machine. */
export const quick: Partial<Settings> = {
  retry: { subscription: [20, 40, 60, 80, 100, 120], lastResort: [10, 20, 40, 40, 40, 40] },
  timeoutMs: 400,
  pace: { windowMs: 0, messages: 1_000, withinMs: 0 },
  privateAddresses: "allow",
};

type Four<T> = [T, T, T, T];

type JsonResponse = { readonly status: number; readonly body: any };

type Call = (party: string, method: string, path: string, body?: unknown) => Promise<JsonResponse>;

/** Notification with its own database and broker. The test publishes the events of the other services. */
export type World = {
  readonly database: Database;
  readonly fresh: FreshDatabase;
  /** The results of deliveries that notification has published. */
  readonly published: ReceivedMessage[];
  /** The unreachable pages that notification has published. */
  readonly pages: ReceivedMessage[];
  readonly dialling: ReceivedMessage[];
  /** The outcomes of outbound messages that notification has published. */
  readonly mails: ReceivedMessage[];
  start(settings?: Partial<Settings>): Promise<StartedService>;
  /** Publishes the first mark of a stepped timeline, as intake does. */
  mark(timeline: string): Promise<void>;
  receiver: typeof startReceiver;
  /** Publishes events. If notification runs, the call resolves when notification has applied the events. */
  publish(...messages: Message[]): Promise<void>;
  /** Sends a request as this party, with a new idempotency key. */
  readonly call: Call;
  /** Sends a request with these headers instead of the default headers. */
  callWith(headers: Record<string, string>): Call;
  internal(path: string): Promise<JsonResponse>;
  metrics(): Promise<string>;
  subscribe(
    party: string,
    request: { url?: string; mail?: string; events?: string[]; timeline?: string },
  ): Promise<JsonResponse["body"]>;
  stop(): Promise<void>;
};

const kinds: Record<string, EventData<"party.recorded">["kind"]> = {
  northtel: "carrier",
  lumen: "carrier",
  orchard: "vendor",
  quill: "vendor",
  operator: "operator",
};

export async function createWorld(): Promise<World> {
  const fresh = await freshDatabase("notification");
  const database = connect(fresh.options("notification"));
  const broker: Broker = memoryBroker({ log });
  await broker.ensureTopics(
    Object.values(topics).map((topic) => ({ topic, partitions: 4, compacted: compactedTopics.includes(topic) })),
  );
  const keys = new Map<string, string>();
  const closing: (() => Promise<unknown>)[] = [];
  const [published, pages, dialling, mails] = [0, 1, 2, 3].map(() => [] as ReceivedMessage[]) as Four<
    ReceivedMessage[]
  >;
  let base = "";
  await listen(broker, {
    [topics.notification]: published,
    [topics.page]: pages,
    [topics.dialling]: dialling,
    [topics.mail]: mails,
  });
  const publish = (...messages: Message[]) =>
    broker.send(messages.map((message) => toWire(message, "/crossline/elsewhere")));
  const world: World = {
    database,
    fresh,
    published,
    pages,
    dialling,
    mails,
    publish,
    async start(settings = {}) {
      const all = { ...withDefaults({ ...quick, ...settings }), internalKey, partitions: 4 };
      const started = await startService(notification, { database, broker, log, settings: all });
      closing.push(() => started.stop());
      base = started.url;
      if (keys.size === 0) await publish(...Object.keys(kinds).map((party) => toParty(party, keys)));
      return started;
    },
    mark: (timeline) => publish(toMark(timeline)),
    async receiver(answer) {
      const receiver: Receiver = await startReceiver(answer);
      closing.push(() => receiver.close());
      return receiver;
    },
    call: (...request) => world.callWith({})(...request),
    callWith: (headers) => caller(() => base, keys, headers),
    async internal(path) {
      const response = await fetch(`${base}${path}`, { headers: { authorization: `Bearer ${internalKey}` } });
      return { status: response.status, body: await response.json() };
    },
    metrics: async () => (await fetch(`${base}/metrics`)).text(),
    async subscribe(party, request) {
      if (request.timeline?.startsWith("stp_") === true) await world.mark(request.timeline);
      const { status, body } = await world.call(party, "POST", "/v1/subscriptions", request);
      if (status !== 201) throw new Error(`no subscription: ${JSON.stringify(body)}`);
      return body;
    },
    async stop() {
      for (const close of closing.toReversed()) await close();
      await broker.close();
      await database.close();
      await fresh.drop();
    },
  };
  return world;
}

const assertions = createAssertions(internalKey);
/** The operator, as intake names it to the other services. */
const operator = operatorKeyHolder("key_operator", "seal-of-these-tests");

/** Returns a function that sends requests with these headers. The service's address may change between requests. */
function caller(base: () => string, keys: ReadonlyMap<string, string>, headers: Record<string, string>): Call {
  return async (party, method, path, body) => {
    const response = await fetch(`${base()}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${kinds[party] === "operator" ? await assertions.sign(operator) : keys.get(party)}`,
        ...(method === "POST" && { "idempotency-key": crypto.randomUUID() }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  };
}

/** Collects the records that notification publishes, by topic. */
async function listen(broker: Broker, byTopic: Readonly<Record<string, ReceivedMessage[]>>): Promise<void> {
  await broker.subscribe({
    group: "test",
    topics: Object.keys(byTopic),
    onAssigned: () => Promise.resolve(new Map()),
    onRecords: ({ records }) => {
      for (const record of records) {
        const read = fromWire(record);
        if (read.ok && !read.skipped) byTopic[read.event.topic]?.push(read.event);
      }
      return Promise.resolve();
    },
    onCrash: (error) => {
      throw error;
    },
  });
}

/** Makes the first mark of a stepped timeline. */
function toMark(timeline: string): Message {
  return {
    topic: topics.case,
    key: `${timeline}/0`,
    partition: 0,
    sequence: 1,
    type: "timeline.marked",
    time: Date.now(),
    timeline,
    data: { mark: new Date().toISOString() },
  };
}

/** Makes the event of a party as intake publishes it, with a new API key. */
function toParty(party: string, keys: Map<string, string>): Message {
  const { key, keyId, hash } = generateKey(party);
  keys.set(party, key);
  const data = { party, kind: kinds[party], name: party, keys: [{ keyId, hash }] };
  return {
    topic: topics.party,
    key: party,
    sequence: 1,
    type: "party.recorded",
    time: Date.now(),
    timeline: wall,
    data,
  };
}
