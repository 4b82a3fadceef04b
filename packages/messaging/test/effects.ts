import type { Cause, Message, ReceivedMessage } from "@crossline/contracts";
import { type Consumer, type ConsumerOptions, type Log, startConsumer } from "@crossline/messaging";
import { connect, type Database, type Tx } from "@crossline/postgres";
import { type FreshDatabase, freshDatabase } from "@crossline/testing";
import type { FakeBroker, Member } from "./fake-broker.ts";

export const stepped = `stp_${"0".repeat(26)}`;

/** A small event; the tests need only its envelope. */
export function message(
  topic: string,
  key: string,
  sequence: number,
  more: { after?: readonly Cause[]; timeline?: string; type?: string; data?: unknown } = {},
): Message {
  return {
    topic,
    key,
    sequence,
    type: "timeline.marked",
    time: sequence * 1_000,
    timeline: "wall",
    data: { mark: "2026-03-07T09:00:00Z" },
    ...more,
  };
}

export type LogMessage = { readonly level: string; readonly message: string } & Record<string, unknown>;

/** A log that keeps its messages in `lines`, so that a test can read them. */
export function recordingLog(): Log & { lines: LogMessage[] } {
  const lines: LogMessage[] = [];
  const at = (level: string) => (fields: object, text: string) => void lines.push({ ...fields, level, message: text });
  return { lines, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

type Effect = { readonly topic: string; readonly key: string; readonly sequence: number };

/** A database in which each applied event adds a row. */
export async function effectDatabase(schema = "effects"): Promise<{ database: Database; close: () => Promise<void> }> {
  const fresh: FreshDatabase = await freshDatabase(schema);
  const database = connect({ ...fresh.options(schema), settings: { synchronous_commit: "off" }, poolMax: 5 });
  await createEffects(database);
  return {
    database,
    async close() {
      await database.close();
      await fresh.drop();
    },
  };
}

export async function createEffects(database: Database): Promise<void> {
  await database.query({
    text: "create table effect (id bigint generated always as identity, topic text, key text, sequence bigint)",
  });
}

export async function applyEffects(tx: Tx, events: readonly ReceivedMessage[]): Promise<void> {
  await tx.query({
    text: "insert into effect (topic, key, sequence) select * from unnest($1::text[], $2::text[], $3::bigint[])",
    values: [events.map((e) => e.topic), events.map((e) => e.key), events.map((e) => e.sequence)],
  });
}

/** Returns the applied events in order, as `topic/key/sequence`. */
export async function effects(database: Database): Promise<string[]> {
  const rows = await database.query<Effect>({ text: "select topic, key, sequence from effect order by id" });
  return rows.map(({ topic, key, sequence }) => `${topic}/${key}/${sequence}`);
}

export type Running = { consumer: Consumer; member: Member; log: ReturnType<typeof recordingLog> };

/**
 * Starts a consumer on a fake broker, as the newest member. The member gets all partitions unless the call names some.
 */
export async function consume(
  database: Database,
  fake: FakeBroker,
  topics: readonly string[],
  more: Partial<ConsumerOptions> & { places?: FakeBroker["all"] } = {},
): Promise<Running> {
  const { places = fake.all, ...options } = more;
  const log = recordingLog();
  const consumer = await startConsumer({
    database,
    broker: fake.broker,
    group: "test",
    topics,
    apply: applyEffects,
    log,
    ...options,
  });
  const member = fake.members.at(-1) as Member;
  await member.assign(places);
  return { consumer, member, log };
}
