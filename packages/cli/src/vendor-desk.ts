import { setTimeout as delay } from "node:timers/promises";
import { vendorGroupPrefix } from "@crossline/contracts";
import { type KafkaConnection, kafkajsConnection } from "@crossline/messaging";
import { type Consumer, Kafka, logLevel } from "kafkajs";

const topicWaitMs = 20_000;

/** One record as the vendor's own program reads it. */
export type DeskRecord = {
  readonly topic: string;
  readonly type: string;
  readonly id: string;
  readonly caseId: string;
  readonly time: string;
  /** The W3C trace context, or an empty text if the record has none. */
  readonly traceparent: string;
  readonly data: unknown;
};

/** The Kafka of a vendor's program, and the vendor's user. Without a user, Kafka must let every client in. */
export type DeskConnection = KafkaConnection & { readonly vendor: string };

/**
 * Opens a Kafka consumer such as a vendor would write. The consumer is a plain Kafka client that knows only the name of
 * the topic and the headers of CloudEvents. Kafka delivers at least once, so the consumer drops duplicates by `ce_id`.
 */
export async function openDesk(
  { vendor, ...connection }: DeskConnection,
  topics: readonly string[],
  onRecord: (record: DeskRecord) => void,
): Promise<{ readonly close: () => Promise<void> }> {
  const options = { clientId: "vendor-desk", logLevel: logLevel.NOTHING };
  const kafka = new Kafka({ ...kafkajsConnection(connection), ...options });
  const groupId = `${vendorGroupPrefix(vendor)}desk-${crypto.randomUUID()}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 200 });
  const seen = new Set<string>();
  await consumer.connect();
  await subscribe(consumer, topics);
  const joined = new Promise<void>((resolve) => void consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
  await consumer.run({
    eachMessage: ({ topic, message }) => {
      const header = (name: string): string => message.headers?.[name]?.toString() ?? "";
      const id = `${topic} ${header("ce_id")}`;
      if (!seen.has(id)) {
        seen.add(id);
        onRecord({
          topic,
          id: header("ce_id"),
          type: header("ce_type"),
          caseId: message.key?.toString() ?? "",
          time: header("ce_time"),
          traceparent: header("ce_traceparent"),
          data: JSON.parse(message.value?.toString() ?? "null"),
        });
      }
      return Promise.resolve();
    },
  });
  await joined;
  return { close: () => consumer.disconnect() };
}

/** Subscribes with retries. Another service creates a vendor's topic after the registration, so the topic may not exist yet. */
async function subscribe(consumer: Consumer, topics: readonly string[]): Promise<void> {
  for (const deadline = performance.now() + topicWaitMs; ; await delay(100)) {
    try {
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      return;
    } catch (error) {
      const isAbsent = (error as { type?: string }).type === "UNKNOWN_TOPIC_OR_PARTITION";
      if (isAbsent && performance.now() < deadline) continue;
      await consumer.disconnect();
      throw error;
    }
  }
}
