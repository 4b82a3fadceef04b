import { type Message, type Report, topics } from "@crossline/contracts";
import { type ServiceDeps, type StartedProgram, startService } from "@crossline/chassis";
import { createAssertions, generateKey, saveParties, operatorKeyHolder } from "@crossline/access";
import { type Broker, memoryBroker, toWire } from "@crossline/messaging";
import { type Database, connect } from "@crossline/postgres";
import { createLogger } from "@crossline/service";
import { freshDatabase, waitFor } from "@crossline/testing";
import { insight as program } from "../src/app.ts";
import type { InsightSettings } from "../src/config.ts";

type Insight = StartedProgram<typeof program>;

const internalKey = "internal-key-of-these-tests";
const log = createLogger("insight-test", "silent");
const partitions = 4;

/** Insight with its database and broker. The test publishes the records of the other services. */
export type World = {
  readonly database: Database;
  readonly broker: Broker;
  start(options?: Partial<ServiceDeps<InsightSettings>>): Promise<Insight>;
  /** On the in-process broker, the call ends after insight has applied all messages. */
  publish(messages: readonly Message[]): Promise<void>;
  /** Registers a party and returns its API key; for the operator, an assertion of intake. */
  party(name: string, kind: "carrier" | "vendor" | "operator"): Promise<string>;
  /** Reads an address with an API key. */
  read(path: string, key: string, headers?: Record<string, string>): Promise<Response>;
  /** Reads a report with an API key. Fails if the status is not 200. */
  report(path: string, key: string): Promise<Report>;
  /** Returns the rows of all tables whose content follows from the topics, as text. */
  tables(): Promise<string>;
  stop(): Promise<void>;
};

/** The operator, as intake names it to the other services. */
const operator = operatorKeyHolder("key_operator", "seal-of-these-tests");

const projected = [
  "reported_case",
  "holder_change",
  "crossing",
  "assignment",
  "promise",
  "former_device",
  "timeline_mark",
];

export async function createWorld(broker: Broker = memoryBroker({ log })): Promise<World> {
  const fresh = await freshDatabase("insight");
  const database = connect(fresh.options("insight"));
  const insights: Insight[] = [];
  await broker.ensureTopics(Object.values(topics).map((topic) => ({ topic, partitions, compacted: false })));
  const settings = { internalKey, partitions, positionMs: 50 };
  const latest = (): Insight => {
    const one = insights.at(-1);
    if (one === undefined) throw new Error("insight has not started");
    return one;
  };
  const read: World["read"] = (path, key, headers = {}) =>
    fetch(`${latest().url}${path}`, { headers: { authorization: `Bearer ${key}`, ...headers } });
  return {
    database,
    broker,
    read,
    async start(options = {}) {
      const insight = await startService(program, { database, broker, log, settings, ...options });
      insights.push(insight);
      await waitFor(async () => {
        const response = await read("/internal/position", internalKey);
        return ((await response.json()) as { state: string }).state === "current";
      });
      return insight;
    },
    publish: (messages) => broker.send(messages.map((message) => toWire(message, "/crossline/test"))),
    async party(name, kind) {
      if (kind === "operator") return createAssertions(internalKey).sign(operator);
      const { key, hash, keyId } = generateKey(name);
      const keys = [{ keyId, hash }];
      await saveParties(database, [{ data: { party: name, kind, name, keys }, sequence: 1, time: 0 }]);
      return key;
    },
    async report(path, key) {
      const response = await read(path, key);
      if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as Report;
    },
    async tables() {
      const rows = await Promise.all(
        projected.map((table) =>
          database.query<{ row: string }>({ text: `select t::text as row from ${table} t order by 1` }),
        ),
      );
      return rows.map((all, index) => [projected[index], ...all.map(({ row }) => row)].join("\n")).join("\n\n");
    },
    async stop() {
      await Promise.all(insights.map((insight) => insight.stop()));
      await broker.close();
      await database.close();
      await fresh.drop();
    },
  };
}
