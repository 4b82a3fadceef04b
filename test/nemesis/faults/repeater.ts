import { setTimeout as delay } from "node:timers/promises";
import { Kafka, type KafkaMessage, logLevel } from "kafkajs";

/** A Kafka client outside the system. The client sends the records of its topics again. */
export type Repeater = {
  /** Repeats the last records in their order several times, and returns the number of records sent. */
  readonly repeat: (forMs: number) => Promise<number>;
  /** Repeats the last records in the reverse order. */
  readonly repeatBackwards: (forMs: number) => Promise<number>;
  readonly close: () => Promise<void>;
};

type RecordedMessage = { readonly topic: string; readonly partition: number; readonly message: KafkaMessage };

const recordedMax = 600;
const everyMs = 1_500;

/** Consumes the topics, so that the repetitions are identical to the original records. */
export async function openRepeater(brokers: readonly string[], topics: readonly string[]): Promise<Repeater> {
  const kafka = new Kafka({
    clientId: "nemesis-mischief",
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    retry: { retries: 1_000, maxRetryTime: 1_000 },
  });
  const recorded = new Map<string, RecordedMessage[]>(topics.map((topic) => [topic, []]));
  const own = "nemesis-repeated";
  const consumer = kafka.consumer({ groupId: "nemesis-mischief", sessionTimeout: 30_000 });
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({
    eachMessage: ({ topic, partition, message }) => {
      const all = recorded.get(topic) ?? [];
      if (message.headers?.[own] === undefined) all.push({ topic, partition, message });
      if (all.length > recordedMax) all.splice(0, all.length - recordedMax);
      return Promise.resolve();
    },
  });
  const producer = kafka.producer({ idempotent: false });
  await producer.connect();

  async function send(
    order: (all: readonly RecordedMessage[]) => readonly RecordedMessage[],
    forMs: number,
  ): Promise<number> {
    let sent = 0;
    for (const deadline = performance.now() + forMs; performance.now() < deadline; await delay(everyMs)) {
      for (const all of recorded.values()) {
        const records = order(all);
        const messages = records.map(({ partition, message: { key, value, headers } }) => {
          return { key, value, headers: { ...headers, [own]: "1" }, partition };
        });
        const topic = records[0]?.topic;
        if (topic !== undefined) await producer.send({ topic, messages });
        sent += records.length;
      }
    }
    return sent;
  }

  return {
    repeat: (forMs) => send((all) => [...all], forMs),
    repeatBackwards: (forMs) => send((all) => all.toReversed(), forMs),
    close: async () => {
      await Promise.race([Promise.all([consumer.disconnect(), producer.disconnect()]), delay(5_000)]);
    },
  };
}
