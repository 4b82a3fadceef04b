import type { Kafka, Producer, TopicMessages } from "kafkajs";
import type { WireRecord } from "../broker.ts";
import { partitionOf } from "../partition.ts";
import { checkSizes } from "../record-size.ts";

const requestBytesMax = 900_000;

/** Sends records to Kafka. */
export type Sender = {
  send(records: readonly WireRecord[]): Promise<void>;
  close(): Promise<void>;
};

/**
 * Creates a producer that sends one request at a time. The producer does not use kafkajs' idempotent producer, which
 * can lose a record and still report success (`docs/decisions/0016-kafkajs.md`). Consumers detect a duplicate record by
 * its sequence.
 */
export function kafkaSender(kafka: Kafka): Sender {
  let producer: Promise<Producer> | undefined;
  let tail: Promise<unknown> = Promise.resolve();
  let closed = false;

  const connected = async (): Promise<Producer> => {
    const fresh = kafka.producer({
      idempotent: false,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner:
        () =>
        ({ partitionMetadata, message }) =>
          message.partition ?? partitionOf(String(message.key), partitionMetadata.length),
    });
    await fresh.connect();
    return fresh;
  };

  // A failed producer is not used again, because after some failures kafkajs keeps a dead connection for ever.
  const discard = (): Promise<void> => {
    const old = producer;
    producer = undefined;
    return (old?.then((it) => it.disconnect()) ?? Promise.resolve()).catch(() => {});
  };

  const sendNow = async (requests: readonly TopicMessages[][]): Promise<void> => {
    if (closed) throw new Error("the broker is closed");
    try {
      producer ??= connected();
      const ready = await producer;
      for (const topicMessages of requests) {
        // Sends one request at a time, because Kafka could store two concurrent requests, and thus the records of one
        // key, in the wrong order.
        await ready.sendBatch({ acks: -1, timeout: 10_000, topicMessages });
      }
    } catch (cause) {
      void discard();
      throw new Error("Kafka has not accepted all records", { cause });
    }
  };

  return {
    async send(records) {
      if (records.length === 0) return;
      const requests = cutIntoRequests(records);
      const sent = tail.then(() => sendNow(requests));
      tail = sent.catch(() => {});
      await sent;
    },
    async close() {
      closed = true;
      await tail;
      await discard();
    },
  };
}

/**
 * Splits records into requests of at most 900 kB, in order. Throws a `RecordTooLargeError` for a record over the
 * limit.
 */
export function cutIntoRequests(records: readonly WireRecord[], bytesMax = requestBytesMax): TopicMessages[][] {
  const sizes = checkSizes(records);
  const requests: Map<string, TopicMessages>[] = [];
  let bytes = Infinity;
  for (const [index, { topic, key, partition, headers, value }] of records.entries()) {
    const size = sizes[index] ?? 0;
    if (bytes + size > bytesMax) {
      requests.push(new Map());
      bytes = 0;
    }
    bytes += size;
    const request = requests.at(-1);
    const batch = request?.get(topic) ?? { topic, messages: [] };
    batch.messages.push({ key, value, headers, ...(partition !== undefined && { partition }) });
    request?.set(topic, batch);
  }
  return requests.map((request) => [...request.values()]);
}
