import { topics } from "@crossline/contracts";
import { type KafkaConnection, kafkajsConnection } from "@crossline/messaging";
import { Kafka, logLevel } from "kafkajs";

/** A record of a topic as an external consumer reads it. */
export type SeenRecord = {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
};

export type Observer = { readonly stop: () => Promise<void> };

const watched = [topics.case, topics.clock];

/**
 * Starts to read the case and clock topics at their present ends. The observer is a plain Kafka client that shares no
 * code with the services.
 */
export async function observeKafka(
  connection: KafkaConnection,
  onRecord: (record: SeenRecord) => void,
): Promise<Observer> {
  const kafka = new Kafka({
    ...kafkajsConnection(connection),
    clientId: "replay-counter",
    logLevel: logLevel.NOTHING,
    retry: { retries: 20 },
  });
  const groupId = `replay-counter-${crypto.randomUUID()}`;
  const admin = kafka.admin();
  await admin.connect();
  for (const topic of watched) {
    const partitions = (await admin.fetchTopicOffsets(topic)).map(({ partition, offset }) => ({ partition, offset }));
    await admin.setOffsets({ groupId, topic, partitions });
  }
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 200, maxBytesPerPartition: 4 * 2 ** 20 });
  await consumer.connect();
  await consumer.subscribe({ topics: watched });
  await consumer.run({
    partitionsConsumedConcurrently: 4,
    eachBatch: ({ batch }) => {
      for (const { key, value, headers } of batch.messages) {
        const plain: Record<string, string> = {};
        for (const [name, header] of Object.entries(headers ?? {})) plain[name] = String(header);
        onRecord({ topic: batch.topic, key: key?.toString() ?? "", headers: plain, value: value?.toString() ?? "" });
      }
      return Promise.resolve();
    },
  });
  return {
    async stop() {
      await consumer.disconnect();
      await admin.deleteGroups([groupId]);
      await admin.disconnect();
    },
  };
}
