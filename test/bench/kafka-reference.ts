import { setTimeout as delay } from "node:timers/promises";
import { type Admin, Kafka, logLevel } from "kafkajs";

/**
 * Measures the reference for the benchmarks that measure whole escalations. A plain Kafka client sends a record over
 * two topics to another client. The client sends records together if they are due in the same millisecond or were
 * fetched together. Returns the milliseconds per record, at a rate of `perSecond` records.
 */
export async function measureKafkaHops(
  brokers: readonly string[],
  perSecond: number,
  count: number,
): Promise<number[]> {
  const kafka = new Kafka({ clientId: "bench-reference", brokers: [...brokers], logLevel: logLevel.NOTHING });
  const id = crypto.randomUUID();
  const [first, second] = [`bench-reference-a-${id}`, `bench-reference-b-${id}`];
  const admin = kafka.admin();
  await admin.connect();
  await makeTopics(admin, [first, second]);
  const producer = kafka.producer({ idempotent: false });
  await producer.connect();
  const send = (topic: string, values: readonly string[]) =>
    producer.send({ topic, acks: -1, messages: values.map((value) => ({ key: value, value })) });
  const delays: number[] = [];
  const forward = await listen(kafka, first, (values) => send(second, values));
  const arrive = await listen(kafka, second, async (values) => {
    for (const value of values) delays.push(performance.now() - Number(value.split(" ")[0]));
  });
  const started = performance.now();
  for (let sent = 0; sent < count; await delay(1)) {
    const now = performance.now();
    const due = Math.min(count, Math.floor(((now - started) * perSecond) / 1000));
    if (due > sent)
      void send(
        first,
        Array.from({ length: due - sent }, (_, index) => `${now} ${sent + index}`),
      );
    sent = due;
  }
  for (const deadline = performance.now() + 10_000; delays.length < count && performance.now() < deadline;)
    await delay(20);
  await Promise.all([forward.disconnect(), arrive.disconnect(), producer.disconnect()]);
  await admin.deleteTopics({ topics: [first, second] });
  await admin.disconnect();
  return delays;
}

/** Creates topics and repeats the wait for leaders, because the wait of kafkajs fails while some brokers do not know a topic. */
async function makeTopics(admin: Admin, topics: readonly string[]): Promise<void> {
  await admin.createTopics({ waitForLeaders: false, topics: topics.map((topic) => ({ topic, numPartitions: 12 })) });
  for (const deadline = performance.now() + 20_000; ; await delay(50)) {
    try {
      for (const topic of topics) await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
}

async function listen(kafka: Kafka, topic: string, take: (values: readonly string[]) => Promise<unknown>) {
  const consumer = kafka.consumer({ groupId: `${topic}-reader`, maxWaitTimeInMs: 1000 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const joined = new Promise<void>((resolve) => void consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
  await consumer.run({
    partitionsConsumedConcurrently: 12,
    eachBatch: async ({ batch: { messages } }) => {
      await take(messages.map(({ value }) => value?.toString() ?? ""));
    },
  });
  await joined;
  return consumer;
}

/**
 * Measures the seconds in which records of one size pass through one topic. One client sends 500 records at a time, and
 * another client counts the records.
 */
export async function measureKafkaBulk(brokers: readonly string[], count: number, bytes: number): Promise<number> {
  const kafka = new Kafka({ clientId: "bench-reference", brokers: [...brokers], logLevel: logLevel.NOTHING });
  const topic = `bench-reference-${crypto.randomUUID()}`;
  const admin = kafka.admin();
  await admin.connect();
  await makeTopics(admin, [topic]);
  const producer = kafka.producer({ idempotent: false });
  await producer.connect();
  const all = Promise.withResolvers<void>();
  let seen = 0;
  const reader = await listen(kafka, topic, async (values) => {
    seen += values.length;
    if (seen >= count) all.resolve();
  });
  const value = "x".repeat(bytes);
  const started = performance.now();
  for (let sent = 0; sent < count; sent += 500) {
    const messages = Array.from({ length: Math.min(500, count - sent) }, (_, index) => ({
      key: String(sent + index),
      value,
    }));
    await producer.send({ topic, acks: -1, messages });
  }
  await all.promise;
  const seconds = (performance.now() - started) / 1000;
  await Promise.all([reader.disconnect(), producer.disconnect()]);
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
  return seconds;
}
