import { topics as allTopics } from "@crossline/contracts";
import { countTimeline, partitionOf, startRelay } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { waitFor } from "@crossline/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { confirmHead } from "../src/confirmation.ts";
import { consume, effectDatabase, effects, message, type Running, stepped } from "./effects.ts";
import { fakeBroker } from "./fake-broker.ts";

const [c, h, line] = ["t.case", "t.handoff", "t.line"];
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

type Options = Parameters<typeof consume>[3];

async function start(more: Options = {}) {
  const counted: Record<string, number> = {};
  const count =
    (name: string) =>
    (_: string, by = 1) =>
      void (counted[name] = (counted[name] ?? 0) + by);
  const metrics = { lost: count("lost"), gap: count("gap"), headless: count("headless") };
  const started = await consume(database, fake, topics, { compacted: [line], partitions, metrics, ...more });
  running.push(started);
  return { ...started, counted };
}

const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
const isOfFirst = (key: string) => partitionOf(key, partitions) === 0;
const [one = "", two = ""] = keys.filter(isOfFirst);
const other = keys.find((key) => !isOfFirst(key)) ?? "";
const place = { topic: c, partition: 0 };
const marks = async () => {
  const rows = await database.query<{ key: string; topic: string; state: string }>({
    text: `
      select key, topic, concat_ws(' ', case when is_known then 'known' else 'unknown' end, lost,
        case when is_headless then 'headless' end) as state
      from inbox_gap_mark order by key, topic`,
  });
  return Object.fromEntries(rows.map(({ key, topic, state }) => [`${topic}/${key}`, state]));
};

test("the consumer saves a loss once, moves the position and marks the keys of the partition", async () => {
  const { member, consumer, counted, log } = await start();
  for (const key of [one, two, other]) fake.append(message(c, key, 1));
  await member.deliverAll();
  fake.append(message(c, one, 2));
  await member.lose(place);
  expect(await marks()).toEqual({ [`${c}/${one}`]: "unknown 0", [`${c}/${two}`]: "unknown 0" });
  const gaps = 'select topic, partition, from_offset as "from", to_offset as "to" from inbox_gap';
  expect(await database.query({ text: gaps })).toEqual([{ ...place, from: 2, to: 3 }]);
  expect(counted).toEqual({ lost: 1 });
  expect(log.lines.filter(({ level }) => level === "error")).toMatchObject([{ ...place, from: 2, to: 3 }]);
  await waitFor(() => consumer.caughtUp(place.partition));
  // The response to the commit was lost, so the same batch comes again.
  await member.reportLoss(place, { from: 2, to: 3 });
  expect(await database.query({ text: gaps })).toHaveLength(1);
});

test("the next record of a marked key shows how many records are lost, if any", async () => {
  const { member, counted } = await start();
  for (const key of [one, two]) fake.append(message(c, key, 1));
  await member.deliverAll();
  for (const sequence of [2, 3, 4]) fake.append(message(c, one, sequence));
  await member.lose(place);
  fake.append(message(c, one, 5));
  fake.append(message(c, two, 2));
  await member.deliverAll();
  expect(await effects(database)).toEqual(expect.arrayContaining([`${c}/${one}/5`, `${c}/${two}/2`]));
  expect(await marks()).toEqual({ [`${c}/${one}`]: "known 3" });
  expect(counted).toEqual({ lost: 3, gap: 1 });
});

test("for a key without new records, the confirmation of its last sequence shows how many records are lost", async () => {
  const { member, counted } = await start();
  for (const key of [one, two]) fake.append(message(c, key, 1));
  await member.deliverAll();
  fake.append(message(c, one, 2));
  await member.lose(place);
  for (const [key, sequence] of [
    [one, 2],
    [two, 1],
  ] as const)
    fake.append(confirmHead(place, { key, sequence, timeline: "wall" }));
  await member.deliverAll();
  expect(await marks()).toEqual({ [`${c}/${one}`]: "known 1" });
  fake.append(message(c, one, 3));
  await member.deliverAll();
  expect(await effects(database)).toEqual([`${c}/${one}/1`, `${c}/${two}/1`, `${c}/${one}/3`]);
  expect(counted).toEqual({ lost: 1, gap: 1 });
});

test("the metric counts a key whose first record is lost, with or without a later record", async () => {
  const { member, counted } = await start();
  fake.append(message(c, one, 1));
  fake.append(message(c, two, 1));
  await member.lose(place);
  fake.append(confirmHead(place, { key: one, sequence: 1, timeline: "wall" }));
  fake.append(message(c, two, 2));
  await member.deliverAll();
  expect(await marks()).toEqual({ [`${c}/${one}`]: "known 1 headless", [`${c}/${two}`]: "known 1 headless" });
  expect(counted).toEqual({ lost: 2, gap: 2, headless: 2 });
});

test("a deleted cause counts as read, and the consumer applies the records that wait for the cause, in order", async () => {
  const { member, consumer, counted } = await start();
  fake.append(message(c, one, 1));
  await member.deliverAll();
  fake.append(message(c, one, 2));
  await member.lose(place);
  fake.append(message(h, one, 1, { after: [{ topic: c, key: one, sequence: 2 }] }));
  fake.append(message(h, one, 2));
  await member.deliverAll();
  expect(await effects(database)).toEqual([`${c}/${one}/1`]);
  await waitFor(async () => (await effects(database)).length === 3, { timeoutMs: 15_000 });
  expect(await effects(database)).toEqual([`${c}/${one}/1`, `${h}/${one}/1`, `${h}/${one}/2`]);
  expect(counted).toEqual({ lost: 1, gap: 1 });
  expect(consumer.caughtUp(place.partition)).toBe(true);
});

test("a record waits for a cause until the consumer has read the partition of the cause to its end", async () => {
  const { member } = await start();
  const cause = fake.append(message(c, one, 1));
  fake.append(message(h, one, 1, { after: [{ topic: c, key: one, sequence: 1 }] }));
  await member.deliver({ topic: h, partition: cause.partition });
  await database.query({ text: "update inbox_waiting set held_at = held_at - interval '1 minute'" });
  const later = performance.now() + 3_000;
  await waitFor(() => performance.now() > later, { pollMs: 100 });
  expect(await effects(database)).toEqual([]);
  await member.deliverAll();
  await waitFor(async () => (await effects(database)).length === 2);
  expect(await effects(database)).toEqual([`${c}/${one}/1`, `${h}/${one}/1`]);
});

test("a compacted topic has lost records only if it was created again", async () => {
  const { member, counted } = await start();
  fake.append(message(line, one, 1));
  await member.deliverAll();
  fake.append(message(line, one, 2));
  await member.lose({ topic: line, partition: place.partition });
  expect(counted).toEqual({});
  await member.reportLoss({ topic: line, partition: place.partition }, { from: 2, to: 0 });
  expect(counted).toEqual({ lost: 1 });
});

test("the consumer requests the last sequences, and knows the lost records after the confirmations", async () => {
  const [ownTopic, gapTopic] = [allTopics.case, allTopics.gap];
  fake = fakeBroker([ownTopic, gapTopic], partitions);
  // The service reads its own topic, so it is both the owner and the consumer.
  const heads = [
    { key: one, sequence: 3, timeline: stepped },
    { key: two, sequence: 1, timeline: "wall" },
    { key: other, sequence: 7, timeline: "wall" },
  ].toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const types = new Set(["timeline.marked"]);
  const gaps = {
    service: "test",
    heads: { [ownTopic]: async (_: unknown, after: string) => heads.filter(({ key }) => key > after).slice(0, 1) },
  };
  const { consumer, member, log } = await consume(database, fake, [ownTopic], {
    partitions,
    gaps,
    types,
    compacted: [],
  });
  const relay = startRelay({ database, broker: fake.broker, source: "/test", log });
  running.push({ consumer, member, log });
  const ownPlace = { topic: ownTopic, partition: 0 };
  fake.append(message(ownTopic, one, 1, { timeline: stepped }));
  fake.append(message(ownTopic, two, 1));
  await member.deliverAll();
  fake.append(message(ownTopic, one, 2, { timeline: stepped }));
  fake.append(message(ownTopic, one, 3, { timeline: stepped }));
  await member.lose(ownPlace);
  expect(consumer.unconfirmed()).toEqual([`${ownTopic}/0`]);
  await waitFor(async () => {
    await member.deliverAll();
    return consumer.unconfirmed().length === 0;
  });
  expect(await marks()).toEqual({ [`${ownTopic}/${one}`]: "known 2" });
  expect(await database.query({ text: "select from inbox_gap where mended_at is not null" })).toHaveLength(1);
  const { lost, applied, appended } = await countTimeline(database, stepped);
  expect({ lost, applied, appended }).toEqual({ lost: 2, applied: { [ownTopic]: 1 }, appended: {} });
  expect(await effects(database)).toEqual([`${ownTopic}/${one}/1`, `${ownTopic}/${two}/1`]);
  await relay.stop();
});

test("a consumer that starts before a loss is confirmed publishes the request again, with the next sequence", async () => {
  const [ownTopic, gapTopic] = [allTopics.case, allTopics.gap];
  fake = fakeBroker([ownTopic, gapTopic], partitions);
  const gaps = { service: "test", heads: {} };
  const first = await consume(database, fake, [ownTopic], { partitions, gaps });
  running.push(first);
  fake.append(message(ownTopic, one, 1));
  await first.member.lose({ topic: ownTopic, partition: 0 });
  running.push(await consume(database, fake, [ownTopic], { partitions, gaps }));
  const rows = await database.query<{ sequence: string }>({
    text: "select headers::json ->> 'ce_sequence' as sequence from outbox order by id",
  });
  expect(rows.map(({ sequence }) => sequence)).toEqual(["1", "2"]);
  expect(running.at(-1)?.consumer.unconfirmed()).toEqual([`${ownTopic}/0`]);
});
