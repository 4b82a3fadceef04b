import { Kafka, logLevel } from "kafkajs";

/**
 * The floor under every escalation: a record that goes from a plain Kafka client over two topics to another one, with nothing
 * in between. Milliseconds per record, at the same rate as what is held against it.
 */
export async function measureFloor(brokers: readonly string[], perSecond: number, count: number): Promise<number[]> {
  const kafka = new Kafka({ clientId: "bench-floor", brokers: [...brokers], logLevel: logLevel.NOTHING });
  const id = crypto.randomUUID();
  const [first, second] = [`bench-floor-a-${id}`, `bench-floor-b-${id}`];
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: [first, second].map((topic) => ({ topic, numPartitions: 12 })),
  });
  const producer = kafka.producer({ idempotent: false });
  await producer.connect();
  const delays: number[] = [];
  const forward = await listen(kafka, first, (value) =>
    producer.send({ topic: second, acks: -1, messages: [{ key: value, value }] }),
  );
  const arrive = await listen(kafka, second, (value) => {
    delays.push(performance.now() - Number(value));
    return Promise.resolve();
  });
  for (let sent = 0; sent < count; sent++) {
    const value = String(performance.now());
    void producer.send({ topic: first, acks: -1, messages: [{ key: value, value }] });
    await new Promise((resolve) => setTimeout(resolve, 1000 / perSecond));
  }
  for (const deadline = performance.now() + 10_000; delays.length < count && performance.now() < deadline;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await Promise.all([forward.disconnect(), arrive.disconnect(), producer.disconnect()]);
  await admin.deleteTopics({ topics: [first, second] });
  await admin.disconnect();
  return delays;
}

async function listen(kafka: Kafka, topic: string, take: (value: string) => Promise<unknown>) {
  const consumer = kafka.consumer({ groupId: `${topic}-reader`, maxWaitTimeInMs: 1000 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const joined = new Promise<void>((resolve) => void consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
  await consumer.run({
    partitionsConsumedConcurrently: 12,
    eachMessage: async ({ message }) => void (await take(message.value?.toString() ?? "")),
  });
  await joined;
  return consumer;
}
