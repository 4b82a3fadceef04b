import { memoryBroker } from "@crossline/messaging";
import { waitFor } from "@crossline/testing";
import { describe, expect, test } from "vitest";
import { createLatch, createInbox, numbered, ofKey, read, shared, silent } from "./readers.ts";

const topic = "crossline.case.v1";
const topics = [{ topic, partitions: 4, compacted: false }];

/** Returns true if a promise is still pending after all pending work has run. */
async function isOpen(promise: Promise<unknown>): Promise<boolean> {
  const later = new Promise((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve, "open"))));
  return (await Promise.race([promise, later])) === "open";
}

describe("the in-process broker", () => {
  test("a send resolves when every group has taken the record", async () => {
    const broker = memoryBroker({ log: silent });
    await broker.ensureTopics(topics);
    const busy = createLatch();
    const quick = await read(broker, { group: "quick", topics: [topic] });
    const slow = await read(broker, {
      group: "slow",
      topics: [topic],
      handle: async ({ records }) => {
        if (records.length > 0) await busy.opened;
      },
    });
    await shared([quick], 4);
    await shared([slow], 4);
    const sent = broker.send(numbered(topic, ["ann", "bob"], 3));
    await waitFor(() => quick.inbox.records.length === 6);
    expect(await isOpen(sent)).toBe(true);
    busy.open();
    await sent;
    expect(slow.inbox.records).toHaveLength(6);
    await broker.close();
  });

  test("after a time without members, a group gets exactly the records that were sent during that time", async () => {
    const broker = memoryBroker({ log: silent });
    await broker.ensureTopics(topics);
    const before = await read(broker, { group: "timer", topics: [topic] });
    await broker.send(numbered(topic, ["ann"], 2));
    await before.subscription.stop();
    const sent = broker.send(numbered(topic, ["ann"], 2, 3));
    expect(await isOpen(sent)).toBe(true);
    const after = await read(broker, { group: "timer", topics: [topic], inbox: before.inbox });
    await sent;
    expect(ofKey(after, "ann")).toEqual(["ann:1", "ann:2", "ann:3", "ann:4"]);
    await broker.close();
  });

  test("the broker delivers no record before all expected groups have subscribed", async () => {
    const broker = memoryBroker({ log: silent, groups: ["timer", "routing"] });
    await broker.ensureTopics(topics);
    const sent = broker.send(numbered(topic, ["ann"], 2));
    const timer = await read(broker, { group: "timer", topics: [topic] });
    expect(await isOpen(sent)).toBe(true);
    const routing = await read(broker, { group: "routing", topics: [topic] });
    await sent;
    for (const reader of [timer, routing]) expect(ofKey(reader, "ann")).toEqual(["ann:1", "ann:2"]);
    await broker.close();
  });

  test("a close rejects the sends in flight, whose records are still in the outbox", async () => {
    const broker = memoryBroker({ log: silent, groups: ["timer"] });
    await broker.ensureTopics(topics);
    const sent = broker.send(numbered(topic, ["ann"], 2));
    await broker.close();
    await expect(sent).rejects.toThrow("closed");
  });

  test("a send above the maximum in flight is refused", async () => {
    const broker = memoryBroker({ log: silent, groups: ["timer"], onTheWayMax: 10 });
    await broker.ensureTopics(topics);
    const sent = broker.send(numbered(topic, ["ann"], 8));
    await expect(broker.send(numbered(topic, ["ann"], 8))).rejects.toThrow("in flight");
    const reader = await read(broker, { group: "timer", topics: [topic] });
    await sent;
    await broker.send(numbered(topic, ["ann"], 8, 9));
    expect(reader.inbox.records).toHaveLength(16);
    await broker.close();
  });

  test("the offsets of a process are above the offsets of every earlier process", async () => {
    const inbox = createInbox();
    for (const start of [1, 2, 3]) {
      const broker = memoryBroker({ log: silent });
      await broker.ensureTopics(topics);
      const reader = await read(broker, { group: "timer", topics: [topic], inbox });
      await broker.send(numbered(topic, ["ann"], 2, start * 2 - 1));
      expect(ofKey(reader, "ann")).toHaveLength(start * 2);
      await broker.close();
      const opened = performance.now();
      await waitFor(() => performance.now() > opened + 1, { pollMs: 1 }); // two starts must not be in the same millisecond
    }
    const offsets = inbox.records.map(({ offset }) => offset);
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
    expect(new Set(offsets).size).toBe(6);
  });
});
