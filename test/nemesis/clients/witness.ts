import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type EachBatchPayload, Kafka, logLevel } from "kafkajs";
import type { History, SeenRecord } from "../history.ts";

export type Witness = {
  /** Returns true if the witness has read all records that the topics have now. */
  readonly hasReadAll: () => Promise<boolean>;
  readonly records: () => number;
  /**
   * The number of records, except those of a `reply` clock that restarted after a breach. If the timer lost an answer,
   * a `reply` clock restarts until the run ends.
   */
  readonly recordsExceptReplies: () => number;
  /** Returns, for one partition, the offset after the last record that the witness has read. */
  readonly nextOffset: (topic: string, partition: number) => number;
  readonly close: () => Promise<void>;
};

const groupId = "nemesis-witness";

/**
 * Starts a plain Kafka consumer, which runs outside the system and writes every record of these topics to the history.
 * The consumer also writes duplicates, and the checker distinguishes them by offset. The consumer reads from the
 * beginning. After the loss of a connection, the consumer continues at its offset.
 */
export async function openWitness(
  brokers: readonly string[],
  topics: readonly string[],
  history: History,
  onRecord: (record: SeenRecord) => void,
): Promise<Witness> {
  const kafka = new Kafka({
    clientId: "nemesis-witness",
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    retry: { retries: 1_000, maxRetryTime: 1_000 },
  });
  const next = new Map<string, number>();
  let records = 0;
  let news = 0;
  const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    const { batch } = payload;
    const { topic, partition } = batch;
    const place = `${topic}/${partition}`;
    for (const message of batch.messages) {
      const offset = Number(message.offset);
      if (offset < (next.get(place) ?? 0)) continue;
      next.set(place, offset + 1);
      const seen = read(topic, partition, message);
      history.write(seen);
      onRecord(seen);
      records++;
      if (!isRepeatedReply(seen)) news++;
      payload.resolveOffset(message.offset);
    }
    await payload.heartbeat();
  };
  const begin = async () => {
    const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 200, sessionTimeout: 30_000 });
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    const joined = new Promise<void>((resolve) => void consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
    await consumer.run({ eachBatchAutoResolve: false, eachBatch });
    await joined;
    return consumer;
  };
  const consumer = await begin();
  const admin = kafka.admin();
  await admin.connect();
  return {
    records: () => records,
    recordsExceptReplies: () => news,
    nextOffset: (topic, partition) => next.get(`${topic}/${partition}`) ?? 0,
    async hasReadAll() {
      for (const topic of topics) {
        for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
          if (Number(high) > (next.get(`${topic}/${partition}`) ?? 0)) return false;
        }
      }
      return true;
    },
    async close() {
      await Promise.race([Promise.all([consumer.disconnect(), admin.disconnect()]), delay(5_000)]);
    },
  };
}

type Message = EachBatchPayload["batch"]["messages"][number];

function isRepeatedReply({ data: { kind, incarnation } }: SeenRecord): boolean {
  return kind === "reply" && String(incarnation).startsWith("clock/");
}

/** The data fields that the checker uses from a record. */
const keptFields = [
  "firingId",
  "clock",
  "kind",
  "incarnation",
  "threshold",
  "startedAt",
  "dueAt",
  "firedAt",
  "happenedAt",
  "firingIds",
  "carrierCaseId",
  "text",
  "entryId",
  "contactId",
  "handlingId",
  "handoffId",
  "line",
  "vendor",
  "attempt",
  "news",
  "direction",
  "content",
  "by",
  "reason",
  "actor",
] as const;

function read(topic: string, partition: number, { offset, timestamp, key, headers, value }: Message): SeenRecord {
  const header = (name: string): string => headers?.[name]?.toString() ?? "";
  const data = JSON.parse(value?.toString() ?? "null") as Record<string, unknown>;
  const hash = createHash("md5").update(header("ce_id")).update(header("ce_type")).update(header("ce_time"));
  return {
    e: "record",
    at: Date.now(),
    topic,
    partition,
    offset: Number(offset),
    stamp: Number(timestamp),
    key: key?.toString() ?? "",
    id: header("ce_id"),
    type: header("ce_type").replace(/^crossline\.|\.v1$/g, ""),
    sequence: Number(header("ce_sequence")),
    time: Date.parse(header("ce_time")),
    hash: hash
      .update(value ?? "")
      .digest("base64url")
      .slice(0, 12),
    data: Object.fromEntries(keptFields.flatMap((name) => (data?.[name] === undefined ? [] : [[name, data[name]]]))),
  };
}
