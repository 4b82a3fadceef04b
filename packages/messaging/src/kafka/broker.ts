import type { Broker, Subscription } from "../broker.ts";
import { partitionOf } from "../partition.ts";
import { deleteRecords, ensureTopics } from "./admin.ts";
import { kafkaClient } from "./client.ts";
import type { KafkaOptions } from "./client.ts";
import { removeGroupMember } from "./remove-member.ts";
import { kafkaOffsets } from "./offsets.ts";
import { kafkaSender } from "./producer.ts";
import { readPartition } from "./read-partition.ts";
import { type Refusals, createRefusals } from "./refusals.ts";
import { openSession } from "./session.ts";
import { keepSubscribed } from "./subscription.ts";

/**
 * The adapter for a Kafka cluster (3.x or newer). The adapter connects at the first use and reconnects automatically
 * after an outage.
 */
export function kafkaBroker(options: KafkaOptions): Broker {
  const { log, keeps = [] } = options;
  const kafka = kafkaClient(options);
  const sender = kafkaSender(kafka);
  const offsets = kafkaOffsets(kafka);
  const refusals = createRefusals(options);
  const subscriptions = new Set<Subscription>();

  const close = async (): Promise<void> => {
    await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
    await Promise.all([sender.close(), offsets.close()]);
  };
  let closed: Promise<void> | undefined;

  return {
    name: "kafka",
    ensureTopics: (topics) =>
      refusals.watch("topics", () => ensureTopics({ kafka, offsets, log, keeps, connection: options }, topics)),
    send: (records) => refusals.watch("send", () => sender.send(records), { right: "WRITE" }),
    async subscribe(subscribeOptions) {
      const subscription = keepSubscribed(
        (onFetched) => openSession(kafka, { ...subscribeOptions, onFetched }, log, (topics) => offsets.ranges(topics)),
        subscribeOptions,
        { log, refusals },
      );
      subscriptions.add(subscription);
      return subscription;
    },
    removeMember: (group, memberId) => removeGroupMember(kafka, group, memberId),
    endOffsets: (topics) => refusals.watch("offsets", () => offsets.ends(topics), { right: "READ" }),
    readPartition: (place) => explainFaults(refusals, readPartition(kafka, place)),
    deleteRecords: (before) => deleteRecords(kafka, before),
    partitionOf,
    refusal: () => refusals.current(),
    close: () => (closed ??= close()),
  };
}

async function* explainFaults<T>(refusals: Refusals, records: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* records;
    refusals.granted("read");
  } catch (error) {
    throw refusals.explain("read", error as Error, { right: "READ" });
  }
}
