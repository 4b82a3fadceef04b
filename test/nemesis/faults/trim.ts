import { setTimeout as delay } from "node:timers/promises";
import { waitFor } from "@crossline/testing";
import { Kafka, logLevel } from "kafkajs";
import type { TrimNote } from "../history.ts";
import { trimSilenceMs } from "../plan.ts";
import { type Service, replicasMax } from "../services.ts";
import type { FaultContext } from "./fault-context.ts";
import { asSuperuser } from "./postgres.ts";

/** The time in which earlier requests get their responses and the relays send. */
const lastWordsMs = 1_500;
/** The maximum time that the fault waits until all other services have read the records. */
const othersReadWithinMs = 20_000;

type TrimTarget = { readonly service: Service; readonly frozenMs: number };

/**
 * Simulates a retention that is shorter than an outage. The fault freezes all replicas of a service, deletes the
 * records that the service's topics received during the freeze, and thaws the replicas. Then the clients send no
 * requests, so that no later record wakes a waiting partition. The fault keeps records that another service or the
 * witness has not read yet. Returns the number of records that the service lost.
 */
export async function trim(context: FaultContext, { service, frozenMs }: TrimTarget): Promise<number> {
  const { platform, silence, onTrimmed } = context;
  const replicas = Array.from({ length: replicasMax }, (_, number) => platform.replica(service, number));
  const signalAll = (signal: NodeJS.Signals): void => replicas.forEach((replica) => replica.signal(signal));
  signalAll("SIGSTOP");
  await delay(frozenMs);
  const endSilence = silence.begin();
  try {
    await delay(lastWordsMs);
    const spans = await waitFor(() => unreadBy(context, service).then((all) => (all.length > 0 ? all : undefined)), {
      timeoutMs: othersReadWithinMs,
      pollMs: 200,
      what: `records that all but the ${service} have read`,
    });
    await deleteRecords(platform.brokers, spans);
    signalAll("SIGCONT");
    const at = Date.now();
    for (const span of spans) onTrimmed({ e: "trim", at, silentUntil: at + trimSilenceMs, service, ...span });
    await delay(trimSilenceMs);
    return spans.reduce((sum, { from, to }) => sum + to - from, 0);
  } finally {
    signalAll("SIGCONT");
    endSilence();
  }
}

type Span = Pick<TrimNote, "topic" | "partition" | "from" | "to">;

/** Returns, by partition, the records that every other reader has read and this service has not read. */
async function unreadBy(context: FaultContext, service: Service): Promise<Span[]> {
  const positions = await positionsOf(context);
  const others = positions.filter((position) => position.service !== service);
  return positions
    .filter((position) => position.service === service)
    .map(({ topic, partition, next }) => {
      const readers = others.filter((other) => other.topic === topic && other.partition === partition);
      const read = readers.map((other) => other.next);
      return { topic, partition, from: next, to: Math.min(context.witness.nextOffset(topic, partition), ...read) };
    })
    .filter(({ from, to }) => from < to);
}

type Position = {
  readonly service: string;
  readonly topic: string;
  readonly partition: number;
  readonly next: number;
};

/** Returns the stored positions of each service. */
function positionsOf(context: FaultContext): Promise<Position[]> {
  return asSuperuser(context, async (database) => {
    const readers = await database.query<{ schema: string }>({
      text: "select schemaname as schema from pg_tables where tablename = 'inbox_offset'",
    });
    const each = readers.map(
      ({ schema }) =>
        `select '${schema}' as service, topic, partition, coalesce(next_offset, 0)::float8 as next from ${schema}.inbox_offset`,
    );
    return database.query<Position>({ text: each.join(" union all ") });
  });
}

async function deleteRecords(brokers: readonly string[], spans: readonly Span[]): Promise<void> {
  const admin = new Kafka({ clientId: "nemesis-trim", brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    for (const [topic, ofTopic] of Map.groupBy(spans, (span) => span.topic)) {
      const partitions = ofTopic.map(({ partition, to }) => ({ partition, offset: String(to) }));
      await admin.fetchTopicOffsets(topic); // Without this call kafkajs does not know the leaders of the partitions.
      await admin.deleteTopicRecords({ topic, partitions });
    }
  } finally {
    await admin.disconnect();
  }
}
