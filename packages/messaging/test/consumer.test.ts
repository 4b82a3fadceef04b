import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import {
  type DeleteTimelineRows,
  countTimeline,
  deleteRemovedTimelines,
  listDeadLetters,
  saveRemovedTimelines,
  removalKey,
} from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { waitFor } from "@crossline/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { applyEffects, consume, effectDatabase, effects, message, type Running, stepped } from "./effects.ts";
import { fakeBroker } from "./fake-broker.ts";

const topics = ["t.case", "t.clock"];
const c = "t.case";
const k = "t.clock";
let database: Database;
let close: () => Promise<void>;
let fake: ReturnType<typeof fakeBroker>;
const running: Running[] = [];

beforeEach(async () => {
  ({ database, close } = await effectDatabase());
  fake = fakeBroker(topics, 3);
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

const positions = () =>
  database.query<{ topic: string; next: number | null }>({
    text: "select topic, next_offset as next from inbox_offset where next_offset is not null order by 1, 2",
  });

describe("records", () => {
  test("the consumer applies records once, in the order of each key, and moves the position", async () => {
    const { member } = await start();
    for (let sequence = 1; sequence <= 50; sequence++) {
      for (const key of ["a", "b"]) fake.append(message(c, key, sequence));
    }
    await member.deliverAll();
    const applied = await effects(database);
    expect(applied).toHaveLength(100);
    for (const key of ["a", "b"]) {
      const own = applied.filter((effect) => effect.includes(`/${key}/`));
      expect(own).toEqual(Array.from({ length: 50 }, (_, index) => `${c}/${key}/${index + 1}`));
    }
    expect((await positions()).reduce((sum, { next }) => sum + (next ?? 0), 0)).toBe(100);
  });

  test("records that the broker delivers again, even from an earlier offset, change nothing", async () => {
    const { member } = await start();
    const places = [1, 2, 3].map((sequence) => fake.append(message(c, "a", sequence)));
    await member.deliverAll();
    await member.deliver(places[0]!, Infinity, 0);
    await member.deliver(places[0]!, 1, 1);
    expect(await effects(database)).toHaveLength(3);
  });

  test("records that the event owner sends again, at new offsets, change nothing", async () => {
    const { member } = await start();
    for (const sequence of [1, 2, 1, 2, 3]) fake.append(message(c, "a", sequence));
    await member.deliverAll();
    expect(await effects(database)).toEqual([1, 2, 3].map((sequence) => `${c}/a/${sequence}`));
  });

  test("the consumer reads a topic that was created again from its new beginning", async () => {
    const first = await start();
    for (const sequence of [1, 2, 3]) fake.append(message(c, "a", sequence));
    await first.member.deliverAll();
    const place = { topic: c, partition: fake.append(message(c, "a", 4)).partition };
    fake.logOf(place).splice(0);
    fake.append(message(c, "a", 5));
    await first.member.deliver(place, 1, 0);
    expect(await effects(database)).toContain(`${c}/a/5`);
    expect((await positions())[0]?.next).toBe(1);
  });

  test("the consumer applies records after a gap and raises an alarm", async () => {
    const gaps: string[] = [];
    const { member, log } = await start({ metrics: { gap: (topic) => gaps.push(topic) } });
    for (const sequence of [1, 4]) fake.append(message(c, "a", sequence));
    await member.deliverAll();
    expect(await effects(database)).toEqual([`${c}/a/1`, `${c}/a/4`]);
    expect(gaps).toEqual([c]);
    expect(log.lines.find(({ level }) => level === "error")).toMatchObject({
      recordKey: "sha256:ca978112ca1b",
      after: 1,
      next: 4,
    });
  });

  test("records of a compacted topic can have gaps", async () => {
    const { member, log } = await start({ compacted: [c] });
    for (const sequence of [3, 7]) fake.append(message(c, "a", sequence));
    await member.deliverAll();
    expect(await effects(database)).toHaveLength(2);
    expect(log.lines.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("the consumer skips records of other types, but they count as read, as applied and as causes", async () => {
    const { member, log } = await start({ types: new Set(["timeline.marked"]) });
    fake.append(message(c, "a", 1, { type: "of.a.later.version", timeline: stepped }));
    fake.append(message(c, "a", 2, { timeline: stepped }));
    fake.append(message(k, "a", 1, { timeline: stepped, after: [{ topic: c, key: "a", sequence: 1 }] }));
    await member.deliverAll();
    expect(new Set(await effects(database))).toEqual(new Set([`${c}/a/2`, `${k}/a/1`]));
    expect(log.lines.filter(({ level }) => level === "error")).toEqual([]);
    expect((await countTimeline(database, stepped)).applied).toEqual({ [c]: 2, [k]: 1 });
  });

  test("the consumer skips records of an ignored timeline, and saves only the position", async () => {
    const { member } = await start({ ignores: (timeline) => timeline === stepped });
    fake.append(message(c, "a", 1, { timeline: stepped }));
    fake.append(message(c, "b", 1));
    fake.append(message(c, "a", 2, { timeline: stepped }));
    await member.deliverAll();
    expect(await effects(database)).toEqual([`${c}/b/1`]);
    expect((await positions()).reduce((sum, { next }) => sum + (next ?? 0), 0)).toBe(3);
    expect(await database.query({ text: "select key from inbox_sequence" })).toEqual([{ key: "b" }]);
  });

  test("the consumer skips records of a removed timeline, and a loop deletes the remaining rows", async () => {
    const { member } = await start();
    const timeline = `imp_${"0".repeat(26)}`;
    fake.append(message(c, "a", 1, { timeline }));
    // This record waits for a cause that never comes.
    fake.append(message(k, "w", 1, { timeline, after: [{ topic: c, key: "w", sequence: 9 }] }));
    fake.append(message(c, "b", 1));
    await member.deliverAll();
    await database.transaction((tx) => saveRemovedTimelines(tx, [timeline, timeline]));
    fake.append(message(c, "a", 2, { timeline }));
    fake.append(message(c, removalKey(timeline, 0), 1, { timeline }));
    fake.append(message(c, "b", 2));
    await member.deliverAll();
    expect((await effects(database)).toSorted()).toEqual([`${c}/a/1`, `${c}/b/1`, `${c}/b/2`]);
    const limits: number[] = [];
    const removeRows: DeleteTimelineRows = (_tx, of, rowsMax) => {
      expect(of).toBe(timeline);
      limits.push(rowsMax);
      return Promise.resolve({ keys: limits.length === 1 ? ["a"] : [], more: limits.length === 1 });
    };
    let steps = 1;
    while (await deleteRemovedTimelines(database, 1, removeRows)) steps++;
    // The first call deletes rows. The second call finds no rows, and searches again after it has locked the
    // partitions. The third call does nothing.
    expect([steps, limits]).toEqual([3, [500, 500, 500]]);
    expect(await database.query({ text: "select key from inbox_sequence" })).toEqual([{ key: "b" }]);
    expect(await database.query({ text: "select key from inbox_waiting" })).toEqual([]);
    fake.append(message(c, "a", 3, { timeline }));
    await member.deliverAll();
    expect(await effects(database)).toHaveLength(3);
  });

  test("the consumer passes records to onApplied after their commit", async () => {
    const reported: number[] = [];
    const { member } = await start({ onApplied: (events) => reported.push(...events.map(({ sequence }) => sequence)) });
    for (const sequence of [1, 2]) fake.append(message(c, "a", sequence));
    await member.deliverAll();
    expect(reported).toEqual([1, 2]);
  });

  test("the consumer applies more records than one transaction takes in several transactions", async () => {
    const sizes: number[] = [];
    const { member } = await start({
      apply: async (tx, events) => {
        sizes.push(events.length);
        await applyEffects(tx, events);
      },
    });
    for (let sequence = 1; sequence <= 4_500; sequence++) fake.append(message(c, "a", sequence));
    await member.deliverAll();
    expect(sizes).toEqual([2_000, 2_000, 500]);
    expect(await effects(database)).toHaveLength(4_500);
  });
});

describe("invalid records", () => {
  const good = { ce_specversion: "1.0", ce_id: "case/a/1", ce_type: "crossline.timeline.marked.v1", ce_sequence: "1" };
  const headers = { ...good, ce_time: "2026-03-07T09:00:00Z", ce_timeline: stepped };
  const place = { topic: c, partition: 0 };

  test("invalid records become dead letters, and later records are applied", async () => {
    const { member, log } = await start();
    const value = '{"mark":"2026-03-07T09:00:00Z"}';
    fake.appendRaw({ ...place, key: "a", headers: {}, value });
    fake.appendRaw({ ...place, key: undefined, headers, value });
    fake.appendRaw({ ...place, key: "a", headers, value: "no json \0 at all" });
    fake.appendRaw({ ...place, key: "a", headers: { ...headers, ce_sequence: "2" }, value: undefined });
    fake.appendRaw({ ...place, key: "a\0b", headers, value });
    fake.appendRaw({ ...place, key: "x".repeat(5_000), headers, value });
    fake.appendRaw({ ...place, key: "a", headers: { ...headers, "x\0y": "\0" }, value: '{"mark":1}' });
    fake.appendRaw({ ...place, key: "a", headers: { ...headers, ce_sequence: "3" }, value });
    await member.deliverAll();
    expect(await effects(database)).toEqual([`${c}/a/3`]);
    const letters = await listDeadLetters(database);
    expect(new Set(letters.map(({ offset }) => offset))).toEqual(new Set([0, 1, 2, 3, 4, 5]));
    expect(log.lines.some(({ message: text }) => text.includes("dead letters"))).toBe(true);
    expect(log.lines.some(({ message: text }) => text.includes("sequences"))).toBe(false);
    // The first record has no timeline. The records with a timeline count as applied, because otherwise the timeline
    // would never be caught up.
    expect(await countTimeline(database, stepped)).toMatchObject({ applied: { [c]: 6 }, dead: 5 });
  });

  test("an invalid record that the broker delivers again becomes no second dead letter", async () => {
    const { member } = await start();
    fake.appendRaw({ ...place, key: "a", headers: {}, value: "" });
    await member.deliverAll();
    await member.deliver(place, 1, 0);
    expect(await listDeadLetters(database)).toHaveLength(1);
  });
});

describe("faults", () => {
  test("after a transient fault the consumer retries, parks no case, and applies every record once", async () => {
    let left = 4;
    let retried = 0;
    const { member, log } = await start({
      metrics: { retried: () => void retried++ },
      apply: async (tx, events) => {
        await applyEffects(tx, events);
        if (left-- > 0) await tx.query({ text: "do $$ begin raise exception 'later' using errcode = '40P01'; end $$" });
      },
    });
    for (const sequence of [1, 2, 3]) fake.append(message(c, "a", sequence));
    await member.deliverAll();
    expect(retried).toBe(4);
    expect(await effects(database)).toEqual([1, 2, 3].map((sequence) => `${c}/a/${sequence}`));
    expect(log.lines.map((line) => line.message)).toContain("the consumer works again");
  });

  test("the loss of the connection in a transaction duplicates no effect", async () => {
    let left = 3;
    const { member } = await start({
      apply: async (tx, events) => {
        await applyEffects(tx, events);
        if (left-- > 0) await tx.query({ text: "select pg_terminate_backend(pg_backend_pid())" });
      },
    });
    for (const sequence of [1, 2, 3]) fake.append(message(c, "a", sequence));
    await member.deliverAll();
    expect(await effects(database)).toHaveLength(3);
  });

  test("after a fault between commit and acknowledgement, the next owner continues at the committed position", async () => {
    const first = await start();
    for (const sequence of [1, 2]) fake.append(message(c, "a", sequence));
    await first.member.deliverAll();
    const second = await start();
    const { partition } = fake.append(message(c, "a", 3));
    await second.member.deliver({ topic: c, partition }, Infinity, 0);
    expect(await effects(database)).toHaveLength(3);
  });
});

describe("a change of the partition owner", () => {
  test("the old owner's consumer rejects a batch, and the new owner applies the batch", async () => {
    const zombie = await start();
    const owner = await start();
    const { partition } = fake.append(message(c, "a", 1));
    await expect(zombie.member.deliver({ topic: c, partition })).rejects.toThrow("another member");
    expect(await effects(database)).toEqual([]);
    expect(zombie.consumer.owned()).not.toContain(partition);
    await owner.member.deliver({ topic: c, partition });
    expect(await effects(database)).toEqual([`${c}/a/1`]);
  });

  test("the new owner waits for the old owner's transaction and continues after it", async () => {
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    const { promise: inside, resolve: entered } = Promise.withResolvers<void>();
    const old = await start({
      apply: async (tx, events) => {
        entered();
        await opened;
        await applyEffects(tx, events);
      },
    });
    const { partition } = fake.append(message(c, "a", 1));
    const delivered = old.member.deliver({ topic: c, partition });
    await inside;
    const starting = start();
    open();
    await delivered;
    const next = await starting;
    fake.append(message(c, "a", 2));
    await next.member.deliverAll();
    expect(await effects(database)).toEqual([`${c}/a/1`, `${c}/a/2`]);
  });

  test("the fence refuses loops of the old owner, and the new owner waits for a loop that has passed the fence", async () => {
    const old = await start();
    expect(old.consumer.owned()).toEqual([0, 1, 2]);
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    const { promise: inside, resolve: entered } = Promise.withResolvers<void>();
    const loop = database.transaction(async (tx) => {
      expect(await old.consumer.fence(tx, 1)).toBe(true);
      entered();
      await opened;
      return performance.now();
    });
    await inside;
    // The consumer's own transactions and the loop's transaction do not block each other.
    const { partition } = fake.append(message(c, "e", 1));
    await old.member.deliver({ topic: c, partition });
    let claimedAt = 0;
    const starting = start().then(() => (claimedAt = performance.now()));
    await waitFor(async () => {
      const [row] = await database.query<{ waiting: number }>({
        text: "select count(*) as waiting from pg_locks where not granted",
      });
      return row?.waiting;
    });
    open();
    const finishedAt = await loop;
    await starting;
    expect(claimedAt).toBeGreaterThan(finishedAt);
    expect(await database.transaction((tx) => old.consumer.fence(tx, 1))).toBe(false);
  });
});

test("a partition is caught up when the consumer has applied the records that existed a moment ago", async () => {
  const { consumer, member } = await start();
  await waitFor(() => consumer.caughtUp(0) && consumer.caughtUp(1) && consumer.caughtUp(2));
  const { partition } = fake.append(message(c, "a", 1));
  await waitFor(() => consumer.lag()?.[c] === 1);
  await waitFor(() => !consumer.caughtUp(partition), { timeoutMs: 5_000 });
  expect(consumer.lag()).toEqual({ [c]: 1, [k]: 0 });
  await member.deliverAll();
  await waitFor(() => consumer.caughtUp(partition));
});

test("the consumer reads nothing while its own outbox exceeds the limit", async () => {
  let depthQueries = 0;
  const query: Database["query"] = (statement) => {
    if (statement.name === "outbox.depth") depthQueries++;
    return database.query(statement);
  };
  const { member } = await start({ outboxLimit: 5, database: { ...database, query } });
  const fill = `insert into outbox (topic, key, headers, body) select 't.out', 'a', '{}', '{}' from generate_series(1, 6)`;
  await database.query({ text: fill });
  fake.append(message(c, "a", 1));
  let isTaken = false;
  const taking = member.deliverAll().then(() => (isTaken = true));
  await waitFor(() => depthQueries >= 2);
  expect(isTaken).toBe(false);
  expect(await effects(database)).toEqual([]);
  await database.query({ text: "delete from outbox" });
  await taking;
  expect(await effects(database)).toEqual([`${c}/a/1`]);
});

test("the README lists every table", async () => {
  const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
  const files = await readdir(at("migrations"));
  const sql = await Promise.all(files.map((file) => readFile(at(`migrations/${file}`), "utf8")));
  const tables = [...sql.join("\n").matchAll(/create table (\w+)/g)].map(([, name]) => name);
  expect(tables).toHaveLength(11);
  const readme = await readFile(at("README.md"), "utf8");
  for (const table of tables) expect(readme).toContain(`| \`${table}\` `);
});
