import { kafkaBroker, partitionName } from "@crossline/messaging";
import type { Broker } from "@crossline/messaging";
import { kafkaBrokers, privateKafka, uniquePrefix, waitFor } from "@crossline/testing";
import { afterAll, describe, expect, test } from "vitest";
import { topicResource } from "../src/kafka/admin.ts";
import { kafkaClient } from "../src/kafka/client.ts";
import { createInbox, numbered, ofKey, read, shared, silent } from "./readers.ts";

const brokers = await kafkaBrokers();
const outage = brokers === undefined ? undefined : await privateKafka();

describe.skipIf(brokers === undefined)("over Kafka", () => {
  const options = { brokers: brokers ?? [], clientId: "kafka-test", log: silent };

  test("the adapter delivers records of any client: without key, value or headers, or with the same header twice", async () => {
    const broker = kafkaBroker(options);
    const topic = uniquePrefix();
    await broker.ensureTopics([{ topic, partitions: 1, compacted: true }]);
    const producer = kafkaClient(options).producer({ createPartitioner: () => () => 0 });
    await producer.connect();
    await producer.send({ topic, messages: [{ key: "gone", value: null, headers: { twice: ["a", "b"] } }] });
    await producer.disconnect();
    const reader = await read(broker, { group: topic, topics: [topic] });
    await broker.send([{ topic, key: "", headers: {}, value: "after" }]);
    await waitFor(() => reader.inbox.records.length === 2);
    expect(reader.inbox.records).toMatchObject([
      { offset: 0, key: "gone", value: undefined, headers: { twice: "b" } },
      { offset: 1, key: "", value: "after", headers: {} },
    ]);
    await broker.close();
  });

  test("the adapter sets unlimited retention for the topics in `keeps`, even for existing topics, and leaves other topics unchanged", async () => {
    const admin = kafkaClient(options).admin();
    await admin.connect();
    const retention = async (topic: string) => {
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [
          {
            type: topicResource,
            name: topic,
            configNames: ["retention.ms", "message.timestamp.type"],
          },
        ],
      });
      return Object.fromEntries(
        (resources[0]?.configEntries ?? []).map(({ configName, configValue }) => [configName, configValue]),
      );
    };
    const specs = [uniquePrefix(), uniquePrefix()].map((topic) => ({ topic, partitions: 1, compacted: false }));
    const [fact = "", other = ""] = specs.map(({ topic }) => topic);
    const plain = kafkaBroker(options);
    await plain.ensureTopics(specs);
    await plain.close();
    const keeping = kafkaBroker({ ...options, keeps: [fact] });
    await keeping.ensureTopics(specs);
    expect(await retention(fact)).toEqual({ "retention.ms": "-1", "message.timestamp.type": "LogAppendTime" });
    expect(await retention(other)).toMatchObject({ "retention.ms": String(7 * 24 * 3_600_000) });
    await Promise.all([keeping.close(), admin.disconnect()]);
  });

  test("reading continues at the stored positions, which the adapter commits to Kafka only for other tools", async () => {
    const broker = kafkaBroker(options);
    const topic = uniquePrefix();
    await broker.ensureTopics([{ topic, partitions: 1, compacted: false }]);
    await broker.send(numbered(topic, ["ann"], 10));
    const first = await read(broker, { group: topic, topics: [topic] });
    await waitFor(() => first.inbox.records.length === 10);
    await first.subscription.stop();
    const admin = kafkaClient(options).admin();
    await admin.connect();
    expect(await admin.fetchOffsets({ groupId: topic, topics: [topic] })).toMatchObject([
      { partitions: [{ partition: 0, offset: "10" }] },
    ]);
    await admin.disconnect();
    for (const [position, expected] of [
      [4, 6],
      [undefined, 10],
      [10, 0],
    ] as const) {
      const inbox = createInbox();
      if (position !== undefined) inbox.positions.set(partitionName(topic, 0), position);
      const again = await read(broker, { group: topic, topics: [topic], inbox });
      await shared([again], 1);
      await broker.send(numbered(topic, ["bob"], 1));
      await waitFor(() => ofKey(again, "bob").length > 0);
      expect(ofKey(again, "ann")).toHaveLength(expected);
      await again.subscription.stop();
    }
    await broker.close();
  });

  test("the adapter joins records that it fetched during a delivery into one batch, in order, even if the handler first rejects it", async () => {
    const broker = kafkaBroker(options);
    const topic = uniquePrefix();
    await broker.ensureTopics([{ topic, partitions: 1, compacted: false }]);
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    const tried: number[] = [];
    const reader = await read(broker, {
      group: topic,
      topics: [topic],
      handle: async ({ records }) => {
        if (records.length === 0) return;
        tried.push(records.length);
        if (tried.length === 1) await opened;
        if (tried.length === 2) throw new Error("not now");
      },
    });
    await shared([reader], 1);
    await broker.send(numbered(topic, ["first"], 1));
    await waitFor(() => tried.length === 1);
    for (let round = 0; round < 5; round++) await broker.send(numbered(topic, [`then-${round}`], 2));
    await waitFor(async () => (await broker.endOffsets([topic])).get(partitionName(topic, 0)) === 11);
    await waitFor(() => reader.subscription.lastFetchAgeMs() < 50);
    open();
    await waitFor(() => reader.inbox.records.length === 11);
    expect(reader.inbox.records.map(({ offset }) => offset)).toEqual(Array.from({ length: 11 }, (_, offset) => offset));
    // There are far fewer batches than sends. The rejected batch comes again, alone or with later records.
    expect(tried.length).toBeLessThanOrEqual(6);
    expect(reader.inbox.positions.get(partitionName(topic, 0))).toBe(11);
    await broker.close();
  });

  test("a member stays in the group during work that takes longer than the session timeout", async () => {
    const broker = kafkaBroker(options);
    const topic = uniquePrefix();
    await broker.ensureTopics([{ topic, partitions: 2, compacted: false }]);
    const work = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const reader = await read(broker, {
      group: topic,
      topics: [topic],
      handle: async ({ records }) => {
        if (records.length === 0) return;
        entered.resolve();
        await work.promise;
      },
    });
    await shared([reader], 2);
    await broker.send(numbered(topic, ["ann"], 5));
    await entered.promise;
    const begun = performance.now();
    await waitFor(() => performance.now() - begun > 7_000, { pollMs: 200 }); // the handler takes longer than the session timeout
    work.resolve();
    await waitFor(() => ofKey(reader, "ann").length === 5);
    expect(reader.assignments).toHaveLength(1);
    await broker.close();
  });
});

describe.skipIf(outage === undefined)("when Kafka is unavailable", () => {
  const partitions = 4;
  const opened: Broker[] = [];
  afterAll(async () => {
    await Promise.all(opened.map((broker) => broker.close()));
    await outage?.remove();
  });

  /** Starts a reader, and a sender that repeats unacknowledged records as the relay does. */
  const running = async (): Promise<{ seen: () => number; sent: () => number; end: () => Promise<string[]> }> => {
    const broker = kafkaBroker({ brokers: outage?.brokers ?? [], clientId: "outage", log: silent });
    opened.push(broker);
    const topic = uniquePrefix();
    await broker.ensureTopics([{ topic, partitions, compacted: false }]);
    const reader = await read(broker, { group: topic, topics: [topic] });
    await shared([reader], partitions);
    let count = 0;
    const ending = new AbortController();
    const send = async (): Promise<void> => {
      while (!ending.signal.aborted) {
        const taken = await broker.send(numbered(topic, ["ann"], 1, count + 1)).then(
          () => true,
          () => false,
        );
        if (taken) count++;
      }
    };
    const sending = send();
    return {
      seen: () => reader.inbox.records.length,
      sent: () => count,
      async end() {
        ending.abort();
        await sending;
        const last = `ann:${count}`;
        await waitFor(() => reader.values().includes(last), { timeoutMs: 20_000 });
        await broker.close();
        return [...new Set(reader.inbox.records.map(({ value }) => value ?? ""))];
      },
    };
  };
  const all = (count: number): string[] => Array.from({ length: count }, (_, index) => `ann:${index + 1}`);

  test(
    "after a kill and a restart of Kafka the records continue in order and without a loss",
    { timeout: 90_000 },
    async () => {
      const { seen, sent, end } = await running();
      await waitFor(() => seen() > 50);
      await outage?.kill();
      const before = sent();
      await outage?.start();
      await waitFor(() => sent() > before + 50 && seen() > before + 50, { timeoutMs: 40_000 });
      const values = await end();
      expect(values).toEqual(all(sent()));
    },
  );

  test("after a freeze of Kafka the records continue in order and without a loss", { timeout: 90_000 }, async () => {
    const { seen, sent, end } = await running();
    await waitFor(() => seen() > 50);
    outage?.pause();
    const since = performance.now();
    await waitFor(() => performance.now() - since > 3_000, { pollMs: 100 });
    outage?.resume();
    const before = sent();
    await waitFor(() => sent() > before + 50 && seen() > before + 50, { timeoutMs: 40_000 });
    const values = await end();
    expect(values).toEqual(all(sent()));
  });
});
