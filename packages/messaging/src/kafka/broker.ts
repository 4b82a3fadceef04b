import type { Broker, Subscription } from "../broker.ts";
import { partitionOf } from "../partition.ts";
import { deleteRecords, ensureTopics } from "./admin.ts";
import { kafkaClient } from "./client.ts";
import type { KafkaOptions } from "./client.ts";
import { removeGroupMember } from "./remove-member.ts";
import { kafkaOffsets } from "./offsets.ts";
import { kafkaSender } from "./producer.ts";
import { readPartition } from "./read-partition.ts";
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
  const subscriptions = new Set<Subscription>();

  const close = async (): Promise<void> => {
    await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
    await Promise.all([sender.close(), offsets.close()]);
  };
  let closed: Promise<void> | undefined;

  return {
    name: "kafka",
    ensureTopics: (topics) => ensureTopics({ kafka, offsets, log, keeps }, topics),
    send: (records) => sender.send(records),
    async subscribe(subscribeOptions) {
      const subscription = keepSubscribed(
        () => openSession(kafka, subscribeOptions, log, (topics) => offsets.ranges(topics)),
        subscribeOptions,
        log,
      );
      subscriptions.add(subscription);
      return subscription;
    },
    removeMember: (group, memberId) => removeGroupMember(kafka, group, memberId),
    endOffsets: (topics) => offsets.ends(topics),
    readPartition: (place) => readPartition(kafka, place),
    deleteRecords: (before) => deleteRecords(kafka, before),
    partitionOf,
    close: () => (closed ??= close()),
  };
}
