import {
  type ConsumerOptions,
  countTimeline,
  listDeadLetters,
  listParkedCases,
  retryDeadLetter,
  retryParkedCase,
} from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { waitFor } from "@crossline/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { applyEffects, consume, effectDatabase, effects, message, type Running, stepped } from "./effects.ts";
import { fakeBroker } from "./fake-broker.ts";

const c = "t.case";
const h = "t.handoff";
const line = "t.line";
const topics = [c, h, line];
const partitions = 3;
let database: Database;
let close: () => Promise<void>;
let fake: ReturnType<typeof fakeBroker>;
const running: Running[] = [];

beforeEach(async () => {
  ({ database, close } = await effectDatabase());
  fake = fakeBroker(topics, partitions);
});

afterEach(async () => {
  await Promise.all(running.splice(0).map(({ consumer }) => consumer.stop()));
  await close();
});

async function start(more: Parameters<typeof consume>[3] = {}): Promise<Running> {
  const started = await consume(database, fake, topics, more);
  running.push(started);
  return started;
}

const waits = async () => {
  const text = 'select topic, key, sequence, wait_topic as "for" from inbox_waiting order by id';
  const rows = await database.query<{ topic: string; key: string; sequence: number; for: string | null }>({ text });
  return rows.map((row) => `${row.topic}/${row.key}/${row.sequence} ${row.for ?? "parked"}`);
};
const cause = (topic: string, key: string, sequence: number) => ({ topic, key, sequence });
const partitionOf = (key: string) => fake.broker.partitionOf(key, partitions);
const keysOfOtherPartitions = (key: string) =>
  ["p", "q", "r", "s", "u", "v", "w"].filter((other) => partitionOf(other) !== partitionOf(key));

/** Fails for the events in `names`. */
function poison(): { names: Set<string>; apply: ConsumerOptions["apply"] } {
  const names = new Set<string>();
  return {
    names,
    async apply(tx, events) {
      await applyEffects(tx, events);
      const bad = events.find(({ topic, key, sequence }) => names.has(`${topic}/${key}/${sequence}`));
      if (bad !== undefined) throw new Error(`cannot apply\nsecret ${JSON.stringify(bad.data)}`);
    },
  };
}

describe("a record that overtook its cause", () => {
  test("the consumer holds the record and the later records of its key, and releases them in the transaction of the cause", async () => {
    const transactions: string[][] = [];
    const { member } = await start({
      apply: async (tx, events) => {
        transactions.push(events.map(({ topic, sequence }) => `${topic}/${sequence}`));
        await applyEffects(tx, events);
      },
    });
    const place = { topic: h, partition: partitionOf("a") };
    fake.append(message(h, "a", 1, { after: [cause(c, "a", 2)] }));
    fake.append(message(h, "a", 2));
    fake.append(message(h, "b", 1));
    await member.deliverAll();
    expect(await effects(database)).toEqual([`${h}/b/1`]);
    expect(await waits()).toEqual([`${h}/a/1 ${c}`, `${h}/a/2 ${h}`]);
    fake.append(message(h, "a", 3));
    await member.deliver(place);
    fake.append(message(c, "a", 1));
    await member.deliverAll();
    fake.append(message(c, "a", 2));
    await member.deliverAll();
    expect(transactions).toEqual([[`${h}/1`], [`${c}/1`], [`${c}/2`, `${h}/1`, `${h}/2`, `${h}/3`]]);
    expect(await waits()).toEqual([]);
  });

  test("one transaction applies the record after its cause, even in a long chain of causes", async () => {
    const { member } = await start();
    for (let n = 1; n <= 100; n++) fake.append(message(h, "a", n, { after: [cause(c, "a", 101 - n)] }));
    for (let n = 1; n <= 100; n++) {
      fake.append(message(c, "a", n, n === 1 ? {} : { after: [cause(line, "x@1", n - 1)] }));
    }
    for (let n = 1; n <= 99; n++) fake.append(message(line, "x@1", n, n === 1 ? {} : { after: [cause(c, "a", n)] }));
    await member.deliverAll();
    const applied = await effects(database);
    expect(applied).toHaveLength(299);
    expect(applied.indexOf(`${h}/a/1`)).toBeGreaterThan(applied.indexOf(`${c}/a/100`));
    expect(await waits()).toEqual([]);
  });

  test("the record does not wait for a topic that this consumer does not read", async () => {
    const { member } = await start();
    fake.append(message(h, "a", 1, { after: [cause("t.elsewhere", "a", 1)] }));
    await member.deliverAll();
    expect(await effects(database)).toEqual([`${h}/a/1`]);
  });

  test("the consumer releases the record soon after another member applies the cause", async () => {
    const [other] = keysOfOtherPartitions("a");
    const ownPlaces = fake.all.filter(({ partition }) => partition === partitionOf("a"));
    const otherPlaces = fake.all.filter(({ partition }) => partition === partitionOf(other!));
    const first = await start({ places: ownPlaces });
    const second = await start({ places: otherPlaces });
    fake.append(message(c, "a", 1, { after: [cause(line, other!, 1)] }));
    await first.member.deliverAll();
    expect(await waits()).toHaveLength(1);
    fake.append(message(line, other!, 1));
    await second.member.deliverAll();
    await waitFor(async () => (await effects(database)).length === 2);
    expect(await effects(database)).toEqual([`${line}/${other}/1`, `${c}/a/1`]);
  });

  test("the record stays held after a restart, and its redelivery is a duplicate", async () => {
    const first = await start();
    fake.append(message(h, "a", 1, { after: [cause(c, "a", 1)] }));
    await first.member.deliverAll();
    await first.consumer.stop();
    fake.append(message(c, "a", 1));
    const second = await start();
    await second.member.deliver({ topic: h, partition: partitionOf("a") }, Infinity, 0);
    await second.member.deliverAll();
    expect(await effects(database)).toEqual([`${c}/a/1`, `${h}/a/1`]);
  });

  test("a held record does not count as applied", async () => {
    const { member } = await start();
    fake.append(message(h, "a", 1, { after: [cause(c, "a", 1)], timeline: stepped }));
    await member.deliverAll();
    expect((await countTimeline(database, stepped)).applied).toEqual({});
    fake.append(message(c, "a", 1, { timeline: stepped }));
    await member.deliverAll();
    expect((await countTimeline(database, stepped)).applied).toEqual({ [h]: 1, [c]: 1 });
  });

  test("the consumer releases every record even if thousands of records wait for one cause", async () => {
    const { member } = await start();
    for (let n = 0; n < 6_000; n++) {
      fake.append(message(c, `k${n % 100}`, Math.floor(n / 100) + 1, { after: [cause(line, "x@1", 1)] }));
    }
    await member.deliverAll();
    expect(await waits()).toHaveLength(6_000);
    fake.append(message(line, "x@1", 1));
    await member.deliverAll();
    await waitFor(async () => (await effects(database)).length === 6_001);
    const own = (await effects(database)).filter((effect) => effect.startsWith(`${c}/k7/`));
    expect(own).toEqual(Array.from({ length: 60 }, (_, index) => `${c}/k7/${index + 1}`));
  });
});

describe("a record that cannot be applied", () => {
  test("the record parks its case in all topics, and other cases continue without duplicates", async () => {
    const { names, apply } = poison();
    names.add(`${c}/a/2`);
    const { member, log } = await start({ apply });
    for (const n of [1, 2, 3]) fake.append(message(c, "a", n));
    for (const n of [1, 2, 3]) fake.append(message(c, "b", n));
    await member.deliverAll();
    fake.append(message(h, "a", 1));
    fake.append(message(h, "b", 1));
    await member.deliverAll();
    const applied = await effects(database);
    expect(applied.toSorted()).toEqual([`${c}/a/1`, `${c}/b/1`, `${c}/b/2`, `${c}/b/3`, `${h}/b/1`]);
    const [parked, ...more] = await listParkedCases(database);
    expect(more).toEqual([]);
    expect(parked).toMatchObject({ key: "a", topic: c, sequence: 2, attempts: 1, waiting: 3 });
    expect(parked?.reason).toBe("Error: cannot apply");
    expect(JSON.stringify(log.lines)).not.toContain("secret");
  });

  test("the consumer finds the record among thousands of records", async () => {
    const { names, apply } = poison();
    const { member } = await start({ apply });
    for (let n = 0; n < 3_000; n++) fake.append(message(c, `k${n % 50}`, Math.floor(n / 50) + 1));
    names.add(`${c}/k17/20`).add(`${c}/k31/60`);
    await member.deliverAll();
    const parked = await listParkedCases(database);
    expect(parked.map(({ key, sequence }) => `${key}/${sequence}`).toSorted()).toEqual(["k17/20", "k31/60"]);
    expect(await effects(database)).toHaveLength(3_000 - 41 - 1);
  });

  test("a retry applies the records of the case in order, on any partition owner", async () => {
    const { names, apply } = poison();
    names.add(`${c}/a/1`);
    const first = await start({ apply });
    for (const n of [1, 2]) fake.append(message(c, "a", n, { timeline: stepped }));
    await first.member.deliverAll();
    fake.append(message(h, "a", 1, { timeline: stepped, after: [cause(c, "a", 2)] }));
    await first.member.deliverAll();
    fake.append(message(c, "a", 3, { timeline: stepped }));
    await first.member.deliverAll();
    expect(await countTimeline(database, stepped)).toMatchObject({ applied: { [c]: 3, [h]: 1 }, parked: 4 });
    await first.consumer.stop();
    names.clear();
    expect(await retryParkedCase(database, "nobody")).toBe(false);
    expect(await retryParkedCase(database, "a")).toBe(true);
    await start({ apply });
    await waitFor(async () => (await effects(database)).length === 4);
    expect(await effects(database)).toEqual([`${c}/a/1`, `${c}/a/2`, `${h}/a/1`, `${c}/a/3`]);
    expect(await listParkedCases(database)).toEqual([]);
    expect(await countTimeline(database, stepped)).toMatchObject({ applied: { [c]: 3, [h]: 1 }, parked: 0 });
    fake.append(message(c, "a", 4));
    await running.at(-1)!.member.deliverAll();
    expect(await effects(database)).toContain(`${c}/a/4`);
  });

  test("a record that fails again stays parked with its new reason, and later records of the case stay parked", async () => {
    const { names, apply } = poison();
    names.add(`${c}/a/1`);
    const { member, consumer } = await start({ apply });
    for (const n of [1, 2, 3, 4]) fake.append(message(c, "a", n));
    await member.deliverAll();
    await retryParkedCase(database, "a");
    consumer.wake();
    await waitFor(async () => (await listParkedCases(database))[0]?.attempts === 2);
    expect((await listParkedCases(database))[0]).toMatchObject({ sequence: 1, replayRequestedAt: null, waiting: 4 });
    names.clear();
    names.add(`${c}/a/3`);
    await retryParkedCase(database, "a");
    consumer.wake();
    await waitFor(async () => (await listParkedCases(database))[0]?.sequence === 3);
    await waitFor(async () => (await listParkedCases(database))[0]?.replayRequestedAt === null);
    expect(await listParkedCases(database)).toHaveLength(1);
    expect(await effects(database)).toEqual([`${c}/a/1`, `${c}/a/2`]);
    names.clear();
    await retryParkedCase(database, "a");
    consumer.wake();
    await waitFor(async () => (await effects(database)).length === 4);
    expect(await waits()).toEqual([]);
  });

  test("a held record that fails at its release parks its case, and the cause stays applied", async () => {
    const { names, apply } = poison();
    names.add(`${h}/a/1`);
    const { member } = await start({ apply });
    fake.append(message(h, "a", 1, { after: [cause(c, "a", 1)] }));
    fake.append(message(h, "a", 2));
    await member.deliverAll();
    fake.append(message(c, "a", 1));
    fake.append(message(c, "b", 1));
    await member.deliverAll();
    await waitFor(async () => (await listParkedCases(database)).length === 1);
    expect((await effects(database)).toSorted()).toEqual([`${c}/a/1`, `${c}/b/1`]);
    expect(await waits()).toEqual([`${h}/a/1 parked`, `${h}/a/2 parked`]);
  });

  test("records that depend on the failed record are held, and the timeline still becomes caught up", async () => {
    const { names, apply } = poison();
    names.add(`${line}/x@1/1`);
    const { member } = await start({ apply });
    fake.append(message(line, "x@1", 1, { timeline: stepped }));
    fake.append(message(c, "a", 1, { timeline: stepped, after: [cause(line, "x@1", 1)] }));
    await member.deliverAll();
    expect(await countTimeline(database, stepped)).toMatchObject({ applied: { [line]: 1, [c]: 1 }, parked: 2 });
    names.clear();
    await retryParkedCase(database, "x@1");
    await waitFor(async () => (await effects(database)).length === 2);
    expect(await countTimeline(database, stepped)).toMatchObject({ applied: { [line]: 1, [c]: 1 }, parked: 0 });
  });
});

test("a dead letter that is valid for a newer version is applied by a retry", async () => {
  const { member, consumer } = await start();
  const headers = { ce_specversion: "1.0", ce_id: "case/a/1", ce_type: "crossline.timeline.marked.v1" };
  const stamps = { ce_sequence: "1", ce_time: "2026-03-07T09:00:00Z", ce_timeline: stepped };
  const place = { topic: c, partition: partitionOf("a") };
  fake.appendRaw({ ...place, key: "a", headers: { ...headers, ...stamps }, value: '{"mark":"yesterday"}' });
  await member.deliverAll();
  const [letter] = await listDeadLetters(database);
  expect(letter?.reason).toContain("/mark");
  expect(await retryDeadLetter(database, letter!.id)).toBe(false);
  expect(await listDeadLetters(database)).toEqual([letter]);
  // Simulates a newer version that can parse the record.
  await database.query({ text: `update dead_letter set body = '{"mark":"2026-03-07T09:00:00Z"}'` });
  expect(await retryDeadLetter(database, letter!.id)).toBe(true);
  consumer.wake();
  await waitFor(async () => (await effects(database)).length === 1);
  expect(await listDeadLetters(database)).toEqual([]);
  expect(await countTimeline(database, stepped)).toMatchObject({ applied: { [c]: 1 }, dead: 0, parked: 0 });
});
