import { RecordTooLargeError, kafkaBroker, memoryBroker, partitionName, partitionOf } from "@crossline/messaging";
import type { Broker, FetchedBatch, TopicSpec } from "@crossline/messaging";
import { kafkaBrokers, uniquePrefix, waitFor } from "@crossline/testing";
import { afterAll, describe, expect, test } from "vitest";
import { createLatch, createInbox, numbered, ofKey, read, shared, silent } from "./readers.ts";

const brokers = await kafkaBrokers();
const opened: Broker[] = [];
const adapters = [
  { adapter: "kafka", open: () => kafkaBroker({ brokers: brokers ?? [], clientId: "conformance", log: silent }) },
  { adapter: "memory", open: () => memoryBroker({ log: silent }) },
];

describe.each(adapters)("the guarantees of every broker ($adapter)", ({ adapter, open }) => {
  describe.skipIf(adapter === "kafka" && brokers === undefined)("that:", () => {
    const partitions = 4;
    const broker = open();
    opened.push(broker);

    // Every test uses its own topics and its own group, so that the tests can run concurrently.
    const fresh = async (): Promise<{ topic: string; other: string; group: string }> => {
      const prefix = uniquePrefix();
      const [topic, other] = [`${prefix}.one`, `${prefix}.two`];
      await broker.ensureTopics([topic, other].map((name) => ({ topic: name, partitions, compacted: false })));
      return { topic, other, group: `${prefix}-group` };
    };

    const keys = ["ann", "bob", "cleo", "dora", "emil", "finn"];
    const expected = (key: string, count: number): string[] =>
      Array.from({ length: count }, (_, i) => `${key}:${i + 1}`);

    test.concurrent("every group gets every record, each key in order", async () => {
      const { topic, group } = await fresh();
      const first = await read(broker, { group, topics: [topic] });
      const second = await read(broker, { group: `${group}-2`, topics: [topic] });
      await shared([first], partitions);
      await shared([second], partitions);
      await broker.send(numbered(topic, keys, 10));
      await broker.send(numbered(topic, keys, 10, 11));
      for (const reader of [first, second]) {
        await waitFor(() => reader.inbox.records.length === 120);
        for (const key of keys) expect(ofKey(reader, key)).toEqual(expected(key, 20));
      }
      const [record] = first.inbox.records;
      expect(record?.headers["ce_id"]).toBe(record?.value?.replace(":", "/"));
      expect(record?.partition).toBe(partitionOf(record?.key ?? "", partitions));
      await Promise.all([first, second].map(({ subscription }) => subscription.stop()));
    });

    test.concurrent("a group whose members return continues at its own positions", async () => {
      const { topic, group } = await fresh();
      const before = await read(broker, { group, topics: [topic] });
      await shared([before], partitions);
      await broker.send(numbered(topic, keys, 5));
      await waitFor(() => before.inbox.records.length === 30);
      await before.subscription.stop();
      const sent = broker.send(numbered(topic, keys, 5, 6));
      const after = await read(broker, { group, topics: [topic], inbox: before.inbox });
      await sent;
      await waitFor(() => after.inbox.records.length === 60);
      for (const key of keys) expect(ofKey(after, key)).toEqual(expected(key, 10));
      await after.subscription.stop();
    });

    test.concurrent("the broker delivers no record before it knows the positions, even if the request for them fails repeatedly", async () => {
      const { topic, group } = await fresh();
      let requests = 0;
      const seen: FetchedBatch[] = [];
      const reader = await read(broker, {
        group,
        topics: [topic],
        onAssigned: async () => {
          if (++requests < 3) throw new Error("the database is unavailable");
          expect(seen).toEqual([]);
          return new Map();
        },
        handle: (batch) => void seen.push(batch),
      });
      const sent = broker.send(numbered(topic, keys, 1));
      await waitFor(() => reader.inbox.records.length === keys.length);
      await sent;
      expect(requests).toBe(3);
      await reader.subscription.stop();
    });

    test.concurrent("a member gets one empty batch with the first offset of a partition that has no usable position", async () => {
      const { topic, group } = await fresh();
      const inbox = createInbox();
      const [end] = (await broker.endOffsets([topic])).values();
      inbox.positions.set(partitionName(topic, 0), end ?? 0);
      inbox.positions.set(partitionName(topic, 1), (end ?? 0) + 1_000);
      const reader = await read(broker, { group, topics: [topic], inbox });
      await waitFor(() => inbox.batches.length === partitions - 1);
      expect(new Set(inbox.batches.map(({ partition }) => partition))).toEqual(new Set([1, 2, 3]));
      for (const batch of inbox.batches) expect(batch).toMatchObject({ records: [], nextOffset: end });
      await reader.subscription.stop();
    });

    test.concurrent("a group gets a range of deleted records only once, even if its members leave and come back", async () => {
      const { topic, group } = await fresh();
      const name = partitionName(topic, 0);
      const on = (value: string) => broker.send([{ topic, key: "k", partition: 0, headers: {}, value }]);
      const before = await read(broker, { group, topics: [topic] });
      await shared([before], partitions);
      await on("read");
      await waitFor(() => before.values().includes("read"));
      await before.subscription.stop();
      const from = before.inbox.positions.get(name) ?? 0;
      const sent = [on("deleted"), on("deleted")];
      await waitFor(async () => (await broker.endOffsets([topic])).get(name) === from + 2);
      await broker.deleteRecords(new Map([[name, from + 2]]));
      await Promise.all(sent);
      const after = await read(broker, { group, topics: [topic], inbox: before.inbox });
      await waitFor(() => after.inbox.positions.get(name) === from + 2);
      await shared([after], partitions);
      await on("later");
      await waitFor(() => after.values().includes("later"));
      expect(after.values()).toEqual(["read", "later"]);
      expect(after.inbox.batches.flatMap(({ lost }) => lost ?? [])).toEqual([{ from, to: from + 2 }]);
      await after.subscription.stop();
    });

    test.concurrent("the broker delivers every record or reports it as lost, even if all records are deleted during a slow read", async () => {
      const { topic, group } = await fresh();
      const name = partitionName(topic, 1);
      const slow = createLatch();
      const entered = createLatch();
      const reader = await read(broker, {
        group,
        topics: [topic],
        handle: async ({ records }) => {
          if (records.length === 0) return;
          entered.open();
          await slow.opened;
        },
      });
      await shared([reader], partitions);
      const text = "x".repeat(100_000);
      const on = () => broker.send([{ topic, key: "k", partition: 1, headers: {}, value: text }]);
      const [begin = 0] = [(await broker.endOffsets([topic])).get(name)];
      const sends = [on()];
      await entered.opened;
      for (let count = 1; count < 30; count++) sends.push(on());
      await waitFor(async () => (await broker.endOffsets([topic])).get(name) === begin + 30);
      await broker.deleteRecords(new Map([[name, begin + 30]]));
      slow.open();
      await Promise.all(sends);
      await waitFor(() => reader.inbox.positions.get(name) === begin + 30, { timeoutMs: 20_000 });
      const [lost, ...others] = reader.inbox.batches.flatMap((batch) => batch.lost ?? []);
      expect(others).toEqual([]);
      expect(lost).toEqual({ from: begin + reader.inbox.records.length, to: begin + 30 });
      expect(reader.inbox.records.length).toBeGreaterThan(0);
      await on();
      await waitFor(() => reader.inbox.records.at(-1)?.offset === begin + 30);
      await reader.subscription.stop();
    });

    test.concurrent("a reader that wants only new records gets only new records", async () => {
      const { topic, group } = await fresh();
      await broker.send(numbered(topic, keys, 2));
      const reader = await read(broker, { group, topics: [topic], fromBeginning: false });
      await shared([reader], partitions);
      await broker.send(numbered(topic, keys, 1, 3));
      await waitFor(() => reader.inbox.records.length === keys.length);
      expect(new Set(reader.values())).toEqual(new Set(keys.map((key) => `${key}:3`)));
      await reader.subscription.stop();
    });

    test.concurrent("the broker delivers a batch again if its handler rejects, and no record overtakes it", async () => {
      const { topic, group } = await fresh();
      let refusals = 0;
      const reader = await read(broker, {
        group,
        topics: [topic],
        handle: (batch) => {
          if (batch.records.some(({ value }) => value === "bob:3") && refusals++ < 3) throw new Error("not now");
        },
      });
      await shared([reader], partitions);
      await broker.send(numbered(topic, keys, 5));
      await waitFor(() => reader.inbox.records.length === 30);
      expect(refusals).toBe(4);
      for (const key of keys) expect(ofKey(reader, key)).toEqual(expected(key, 5));
      await reader.subscription.stop();
    });

    test.concurrent("the broker delivers partitions concurrently, and a handler that hangs delays no other partition", async () => {
      const { topic, group } = await fresh();
      const blocked = createLatch();
      const reader = await read(broker, {
        group,
        topics: [topic],
        handle: async ({ partition, records }) => {
          if (partition === 0 && records.length > 0) await blocked.opened;
        },
      });
      await shared([reader], partitions);
      const on = (partition: number, value: string): Promise<void> =>
        broker.send([{ topic, key: "k", partition, headers: {}, value }]);
      const sends = [on(0, "stuck")];
      for (let round = 1; round <= 3; round++) {
        for (const partition of [1, 2, 3]) sends.push(on(partition, `${partition}:${round}`));
        await waitFor(() => reader.inbox.records.length === round * 3);
      }
      expect(reader.values()).not.toContain("stuck");
      blocked.open();
      await Promise.all(sends);
      await waitFor(() => reader.values().includes("stuck"));
      expect(reader.inbox.records).toHaveLength(10);
      await reader.subscription.stop();
    });

    test.concurrent("members share co-partitioned topics, and one member continues the work after the other member leaves", async () => {
      const { topic, other, group } = await fresh();
      const inbox = createInbox();
      const topics = [topic, other];
      const first = await read(broker, { group, topics, inbox });
      await shared([first], partitions * 2);
      const second = await read(broker, { group, topics, inbox });
      await shared([first, second], partitions * 2);
      for (const { subscription } of [first, second]) {
        const owned = subscription.assigned();
        const of = (name: string): number[] => owned.filter((it) => it.topic === name).map((it) => it.partition);
        expect(of(topic)).toHaveLength(partitions / 2);
        expect(new Set(of(other))).toEqual(new Set(of(topic)));
      }
      const sends = [broker.send([...numbered(topic, keys, 50), ...numbered(other, keys, 50)])];
      const leaving = first.subscription.stop();
      sends.push(broker.send([...numbered(topic, keys, 50, 51), ...numbered(other, keys, 50, 51)]));
      await leaving;
      await shared([second], partitions * 2);
      await Promise.all(sends);
      await waitFor(() => inbox.records.length >= 2 * keys.length * 100);
      // Delivery is at least once. Records in delivery during the change of the group can come twice, but in order from
      // the old position.
      const once = new Map(inbox.records.map((it) => [`${it.topic}/${it.partition}/${it.offset}`, it]));
      for (const name of topics) {
        for (const key of keys) {
          const values = [...once.values()].filter((it) => it.topic === name && it.key === key).map((it) => it.value);
          expect(values).toEqual(expected(key, 100));
        }
      }
      expect(first.subscription.assigned()).toEqual([]);
      await second.subscription.stop();
    });

    test.concurrent("a member that joins while another member's handler runs gets its partitions after that handler ends", async () => {
      const { topic, group } = await fresh();
      const inbox = createInbox();
      const busy = createLatch();
      const entered = createLatch();
      const first = await read(broker, {
        group,
        topics: [topic],
        inbox,
        handle: async ({ records }) => {
          if (records.length === 0) return;
          entered.open();
          await busy.opened;
        },
      });
      await shared([first], partitions);
      const sent = broker.send(numbered(topic, keys, 1));
      await entered.opened;
      const second = await read(broker, { group, topics: [topic], inbox });
      busy.open();
      await shared([first, second], partitions);
      await sent;
      await waitFor(() => new Set(inbox.records.map(({ value }) => value)).size === keys.length);
      expect(first.subscription.assigned()).toHaveLength(partitions / 2);
      await Promise.all([first, second].map(({ subscription }) => subscription.stop()));
    });

    test.concurrent("a record that names a partition goes to that partition, whatever its key is", async () => {
      const { topic, group } = await fresh();
      const reader = await read(broker, { group, topics: [topic] });
      await shared([reader], partitions);
      await broker.send(
        [0, 1, 2, 3].map((partition) => ({ topic, key: "ann", partition, headers: {}, value: `${partition}` })),
      );
      await waitFor(() => reader.inbox.records.length === 4);
      expect(reader.inbox.records.every(({ partition, value }) => String(partition) === value)).toBe(true);
      await reader.subscription.stop();
    });

    test.concurrent("the broker delivers invalid records like all other records", async () => {
      const { topic, group } = await fresh();
      const reader = await read(broker, { group, topics: [topic] });
      await shared([reader], partitions);
      const strange = ["", "{", "\u0000\uFFFD", "ünïcödé 🜚"];
      await broker.send(strange.map((value) => ({ topic, key: "", headers: { ce_id: value, "": "x" }, value })));
      await waitFor(() => reader.inbox.records.length === strange.length);
      expect(reader.values()).toEqual(strange);
      expect(reader.inbox.records.map(({ headers }) => headers["ce_id"])).toEqual(strange);
      await reader.subscription.stop();
    });

    test.concurrent("a stop waits for the running handler, can be called twice, and ends the delivery", async () => {
      const { topic, group } = await fresh();
      const entered = createLatch();
      const blocked = createLatch();
      let running = 0;
      const reader = await read(broker, {
        group,
        topics: [topic],
        handle: async ({ records }) => {
          if (records.length === 0) return;
          running++;
          entered.open();
          await blocked.opened;
          running--;
        },
      });
      await shared([reader], partitions);
      const sent = broker.send(numbered(topic, ["ann"], 3));
      await entered.opened;
      const stops = [reader.subscription.stop(), reader.subscription.stop()];
      const more = broker.send(numbered(topic, ["ann"], 3, 4));
      expect(running).toBe(1);
      blocked.open();
      await Promise.all(stops);
      expect(running).toBe(0);
      await reader.subscription.stop();
      expect(reader.subscription.assigned()).toEqual([]);
      const seen = reader.inbox.records.length;
      const next = await read(broker, { group, topics: [topic], inbox: reader.inbox });
      await Promise.all([sent, more]);
      await waitFor(() => ofKey(next, "ann").includes("ann:6"));
      expect(ofKey(next, "ann")).toEqual(expected("ann", 6));
      expect(seen).toBeLessThanOrEqual(6);
      await next.subscription.stop();
    });

    test.concurrent("a stop succeeds directly after the subscription", async () => {
      const { topic, group } = await fresh();
      const reader = await read(broker, { group, topics: [topic] });
      await reader.subscription.stop();
      expect(reader.subscription.assigned()).toEqual([]);
      const next = await read(broker, { group, topics: [topic] });
      await shared([next], partitions);
      await next.subscription.stop();
    });

    test.concurrent("several processes can create the same topics at once", async () => {
      const { group } = await fresh();
      const specs: TopicSpec[] = Array.from({ length: 6 }, (_, index) => ({
        topic: `${group}.${index}`,
        partitions: 3,
        compacted: index % 2 === 0,
      }));
      const others = adapter === "kafka" ? [open(), open(), open()] : [broker, broker, broker];
      await Promise.all([broker, ...others].map((it) => it.ensureTopics(specs)));
      await Promise.all(others.map((it) => it.ensureTopics(specs)));
      const ends = await broker.endOffsets(specs.map((spec) => spec.topic));
      expect(ends.size).toBe(18);
      await broker.send(specs.map((spec) => ({ topic: spec.topic, key: "ann", headers: {}, value: "{}" })));
      await Promise.all(others.filter((it) => it !== broker).map((it) => it.close()));
    });

    test.concurrent("a slow reader processes one batch of a partition at a time, even if records are sent during that time", async () => {
      const { topic, group } = await fresh();
      let inHand = 0;
      let most = 0;
      const slow = createLatch();
      const reader = await read(broker, {
        group,
        topics: [topic],
        handle: async ({ records }) => {
          most = Math.max(most, ++inHand);
          if (records.length > 0) await slow.opened;
          inHand--;
        },
      });
      await shared([reader], partitions);
      const text = "x".repeat(2_000);
      const sends = Array.from({ length: 10 }, (_, round) =>
        broker.send(
          Array.from({ length: 100 }, (__, i) => ({
            topic,
            key: "k",
            partition: 2,
            headers: {},
            value: `${round * 100 + i} ${text}`,
          })),
        ),
      );
      await waitFor(() => inHand === 1);
      slow.open();
      await Promise.all(sends);
      await waitFor(() => reader.inbox.records.length === 1_000, { timeoutMs: 20_000 });
      expect(most).toBeLessThanOrEqual(partitions);
      expect(reader.values().map((value) => Number.parseInt(value ?? "", 10))).toEqual(
        Array.from({ length: 1_000 }, (_, i) => i),
      );
      await reader.subscription.stop();
    });

    test.concurrent("all records of a send of several megabytes arrive, in order", async () => {
      const { topic, group } = await fresh();
      const reader = await read(broker, { group, topics: [topic] });
      await shared([reader], partitions);
      const text = "y".repeat(300_000);
      const records = Array.from({ length: 12 }, (__, i) => ({
        topic,
        key: "ann",
        headers: {},
        value: `${i} ${text}`,
      }));
      await broker.send(records);
      await waitFor(() => reader.inbox.records.length === 12);
      expect(reader.values()).toEqual(records.map(({ value }) => value));
      await reader.subscription.stop();
    });

    test.concurrent("a send with a record over the limit rejects with the name of the record, and sends no record", async () => {
      const { topic } = await fresh();
      const before = await broker.endOffsets([topic]);
      const records = [
        ...numbered(topic, ["ann"], 1),
        { topic, key: "big", headers: {}, value: "z".repeat(1_000_001) },
      ];
      const error = await broker.send(records).catch((it: unknown) => it);
      expect(error).toBeInstanceOf(RecordTooLargeError);
      expect(error).toMatchObject({ topic, key: "big" });
      expect(await broker.endOffsets([topic])).toEqual(before);
    });

    test.concurrent("a broker that keeps records reads a partition from its first record to its end", async () => {
      if (broker.readPartition === undefined) return; // in memory
      const { topic } = await fresh();
      const place = { topic, partition: 2 };
      const readAll = () => Array.fromAsync(broker.readPartition?.(place) ?? []);
      expect(await readAll()).toEqual([]);
      // These records need more than one fetch, because the size of each record is over a third of the maximum
      // response.
      const records = Array.from({ length: 8 }, (_, i) => ({
        ...place,
        key: "ann",
        headers: { "x-place": String(i) },
        value: `${i} ${"y".repeat(400_000)}`,
      }));
      await broker.send(records);
      expect((await readAll()).map(({ value }) => value)).toEqual(records.map(({ value }) => value));
      await broker.deleteRecords(new Map([[partitionName(topic, 2), 3]]));
      const [first] = await readAll();
      expect(first).toMatchObject({ ...place, key: "ann", offset: 3, headers: { "x-place": "3" } });
      const nowhere = Array.fromAsync(broker.readPartition({ topic: `${topic}.nowhere`, partition: 0 }));
      await expect(nowhere).rejects.toThrow("topic");
    });

    test.concurrent("a send to a topic that does not exist fails, and the next send succeeds", async () => {
      const { topic, group } = await fresh();
      await expect(broker.send(numbered(`${group}.nowhere`, ["ann"], 1))).rejects.toThrow(/topic|accepted/);
      await broker.send(numbered(topic, ["ann"], 1));
    });

    test.concurrent("a handler can start sends", async () => {
      const { topic, other, group } = await fresh();
      const sends: Promise<void>[] = [];
      const reader = await read(broker, {
        group,
        topics: [topic, other],
        handle: ({ topic: from, records }) => {
          for (const { value } of records) {
            if (from === topic)
              sends.push(broker.send([{ topic: other, key: "k", headers: {}, value: `after ${value}` }]));
          }
        },
      });
      await shared([reader], partitions * 2);
      await broker.send(numbered(topic, keys, 5));
      await waitFor(() => reader.inbox.records.length === 60);
      await Promise.all(sends);
      expect(sends).toHaveLength(30);
      await reader.subscription.stop();
    });

    test.concurrent("the end offsets count the sent records", async () => {
      const { topic, other } = await fresh();
      const name = partitionName(topic, partitionOf("ann", partitions));
      const before = await broker.endOffsets([topic, other]);
      expect(before.size).toBe(partitions * 2);
      await broker.send(numbered(topic, ["ann"], 7));
      const after = await broker.endOffsets([topic, other]);
      expect([...after].filter(([it, end]) => end !== before.get(it))).toEqual([[name, (before.get(name) ?? 0) + 7]]);
    });

    test.concurrent("the age of the last response is infinite before the join and short afterwards", async () => {
      const { topic, group } = await fresh();
      const reader = await read(broker, { group, topics: [topic] });
      expect(reader.subscription.lastFetchAgeMs()).toBe(Infinity);
      await shared([reader], partitions);
      await waitFor(() => reader.subscription.lastFetchAgeMs() < 1_000);
      await reader.subscription.stop();
    });

    test.concurrent("a close stops all subscriptions, and can be called twice", async () => {
      const { topic, group } = await fresh();
      const own = open();
      await own.ensureTopics([{ topic, partitions, compacted: false }]);
      const reader = await read(own, { group, topics: [topic] });
      await shared([reader], partitions);
      await Promise.all([own.close(), own.close()]);
      expect(reader.subscription.assigned()).toEqual([]);
      await expect(own.send(numbered(topic, ["ann"], 1))).rejects.toThrow("closed");
    });
  });
});

afterAll(async () => {
  await Promise.all(opened.map((broker) => broker.close()));
});
