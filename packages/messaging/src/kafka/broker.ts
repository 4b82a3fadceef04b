import type { Broker, Subscription } from "../broker.ts";
import { partitionOf } from "../partition.ts";
import { kafkaAdmin } from "./admin.ts";
import { kafkaClient } from "./client.ts";
import type { KafkaOptions } from "./client.ts";
import { kafkaSender } from "./producer.ts";
import { openSession } from "./session.ts";
import { keepSubscribed } from "./subscription.ts";

/** The port over a Kafka cluster (3.x or newer). Connects when it is first used, and again by itself after an outage. */
export function kafkaBroker(options: KafkaOptions): Broker {
  const { log } = options;
  const kafka = kafkaClient(options);
  const sender = kafkaSender(kafka);
  const admin = kafkaAdmin(kafka);
  const subscriptions = new Set<Subscription>();

  const close = async (): Promise<void> => {
    await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
    await Promise.all([sender.close(), admin.close()]);
  };
  let closed: Promise<void> | undefined;

  return {
    name: "kafka",
    ensureTopics: (topics) => admin.ensureTopics(topics),
    send: (records) => sender.send(records),
    async subscribe(subscribeOptions) {
      const open = (): ReturnType<typeof openSession> =>
        openSession(kafka, subscribeOptions, log, (topics) => admin.ranges(topics));
      const subscription = keepSubscribed(open, subscribeOptions, log);
      subscriptions.add(subscription);
      return subscription;
    },
    async endOffsets(topics) {
      return new Map([...(await admin.ranges(topics))].map(([name, { high }]) => [name, high]));
    },
    partitionOf,
    close: () => (closed ??= close()),
  };
}
