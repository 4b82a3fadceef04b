import { type AuditEvent, type Instant, type Message, type ReceivedMessage, newId, topics } from "@crossline/contracts";
import { type Broker, fromWire, memoryBroker, toWire } from "@crossline/messaging";
import { type Database, connect, now } from "@crossline/postgres";
import { createLogger } from "@crossline/service";
import { type ServiceDeps, type StartedProgram, startService } from "@crossline/chassis";
import { freshDatabase } from "@crossline/testing";
import { auditor as program } from "../src/app.ts";
import type { AuditorSettings } from "../src/config.ts";
import { type TestRecords, createRecords, partitions } from "./records.ts";

export type Auditor = StartedProgram<typeof program>;

export const internalKey = "internal-key-of-these-tests";
const log = createLogger("auditor-test", "silent");
export const graceMs = 1_000;

/** An auditor with its database and broker. The test publishes the records of the other services. */
export type World = TestRecords & {
  readonly database: Database;
  readonly broker: Broker;
  /** The records that the auditor has published, in order of arrival, with repetitions. */
  readonly published: readonly ReceivedMessage<AuditEvent>[];
  /** Returns now by Postgres' clock. */
  now(): Promise<Instant>;
  start(options?: Partial<ServiceDeps<AuditorSettings>>): Promise<Auditor>;
  /** On the in-process broker, the call ends after the auditor has applied all messages. */
  publish(...messages: readonly Message[]): Promise<void>;
  /** Returns the findings about a case, in order. */
  found(caseId: string): string[];
  stop(): Promise<void>;
};

export async function createWorld(broker: Broker = memoryBroker({ log })): Promise<World> {
  const fresh = await freshDatabase("auditor");
  const database = connect(fresh.options("auditor"));
  const published: ReceivedMessage<AuditEvent>[] = [];
  const auditors: Auditor[] = [];
  await broker.ensureTopics(Object.values(topics).map((topic) => ({ topic, partitions, compacted: false })));
  const witness = await listen(broker, published);
  const settings = { internalKey, partitions, graceMs, lateMs: 5_000, heartbeatMs: 200 };
  return {
    ...createRecords(),
    database,
    broker,
    published,
    now: () => now(database),
    publish: (...messages) => broker.send(messages.map((message) => toWire(message, "/crossline/test"))),
    async start(options = {}) {
      const auditor = await startService(program, { database, broker, log, settings, ...options });
      auditors.push(auditor);
      return auditor;
    },
    found: (caseId) =>
      published
        .filter(({ key }) => key === caseId)
        .toSorted((a, b) => a.sequence - b.sequence)
        .map(({ type, data }) => ("reason" in data ? `${type} ${data.reason}` : type)),
    async stop() {
      await Promise.all(auditors.map((auditor) => auditor.stop()));
      await witness.stop();
      await broker.close();
      await database.close();
      await fresh.drop();
    },
  };
}

function listen(broker: Broker, published: ReceivedMessage<AuditEvent>[]) {
  return broker.subscribe({
    group: `witness-${newId("cs")}`,
    topics: [topics.audit],
    onAssigned: async () => new Map(),
    onRecords: async ({ records }) => {
      for (const record of records) {
        const read = fromWire(record);
        if (read.ok && !read.skipped) published.push(read.event as ReceivedMessage<AuditEvent>);
      }
    },
    onCrash: (error) => log.error({ err: error }, "the witness crashed"),
  });
}

/** Reads one of the auditor's internal routes. */
export async function ask(
  auditor: Auditor,
  path = "/internal/audit",
  key = internalKey,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${auditor.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  return { status: response.status, body: await response.json() };
}
