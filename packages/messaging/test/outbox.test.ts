import { appendToOutbox, countTimeline, outboxDepth } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { effectDatabase, message, stepped } from "./effects.ts";

let database: Database;
let close: () => Promise<void>;
const other = `stp_${"1".repeat(26)}`;

beforeAll(async () => {
  ({ database, close } = await effectDatabase());
});

afterAll(() => close());

beforeEach(async () => {
  await database.query({ text: "truncate outbox, timeline_count, dead_letter" });
});

type Row = { key: string; partition: number | null; headers: Record<string, string>; body: string };

test("the outbox stores complete messages, in the order in which they were appended", async () => {
  const text = 'quotes " \\ \n new lines \u2028 and ünïcode {"},\\u0000 \0';
  const odd = {
    ...message("t.case", "a", 3),
    data: { text },
    partition: 7,
    after: [{ topic: "t", key: "k", sequence: 2 }],
  };
  await database.transaction(async (tx) => {
    await appendToOutbox(tx, [message("t.case", "a", 1), message("t.case", "b", 1), message("t.case", "a", 2)]);
    await appendToOutbox(tx, [odd]);
    await appendToOutbox(tx, []);
  });
  const rows = await database.query<Row>({
    text: "select key, partition, headers::json as headers, body from outbox order by id",
  });
  expect(rows.map(({ key, headers }) => `${key}/${headers["ce_sequence"]}`)).toEqual(["a/1", "b/1", "a/2", "a/3"]);
  expect(rows[3]?.partition).toBe(7);
  expect(JSON.parse(rows[3]?.body ?? "")).toEqual({ text });
  expect(rows[3]?.headers["ce_after"]).toBe('[["t","k",2]]');
});

test("the outbox does not store messages of a rolled-back transaction", async () => {
  const append = database.transaction(async (tx) => {
    await appendToOutbox(tx, [message("t.case", "a", 1, { timeline: stepped })]);
    throw new Error("never mind");
  });
  await expect(append).rejects.toThrow("never mind");
  expect(await outboxDepth(database)).toBe(0);
  expect((await countTimeline(database, stepped)).appended).toEqual({});
});

test("`appendToOutbox` throws for a key with a line end, which would break the statement", async () => {
  const append = database.transaction((tx) => appendToOutbox(tx, [message("t.case", "a\nb", 1)]));
  await expect(append).rejects.toThrow("line end");
});

test("`outboxDepth` returns the number of rows, up to `cap`", async () => {
  const messages = Array.from({ length: 120 }, (_, index) => message("t.case", "a", index + 1));
  await database.transaction((tx) => appendToOutbox(tx, messages));
  expect(await outboxDepth(database)).toBe(120);
  await database.query({ text: "delete from outbox where id in (select id from outbox order by id limit 20)" });
  expect(await outboxDepth(database)).toBe(100);
  expect(await outboxDepth(database, 50)).toBe(50);
});

test("the outbox counts records only for stepped timelines, each separately, by topic", async () => {
  const on = (topic: string, timeline: string) => message(topic, "a", 1, { timeline });
  await database.transaction((tx) =>
    appendToOutbox(tx, [on("t.case", stepped), on("t.case", stepped), on("t.clock", stepped), on("t.case", other)]),
  );
  await database.transaction((tx) => appendToOutbox(tx, [on("t.case", "wall"), on("t.case", `imp_${"0".repeat(26)}`)]));
  const expected = { applied: {}, parked: 0, dead: 0, lost: 0 };
  expect(await countTimeline(database, stepped)).toEqual({ ...expected, appended: { "t.case": 2, "t.clock": 1 } });
  expect(await countTimeline(database, other)).toEqual({ ...expected, appended: { "t.case": 1 } });
  expect(await countTimeline(database, "wall")).toEqual({ ...expected, appended: {} });
  expect(await database.query({ text: "select from timeline_count" })).toHaveLength(3);
});

test("the fold of a long timeline's counts works during other inserts", async () => {
  const append = () =>
    database.transaction((tx) => appendToOutbox(tx, [message("t.case", "a", 1, { timeline: stepped })]));
  for (let round = 0; round < 30; round++) await Promise.all(Array.from({ length: 20 }, append));
  const counts = await Promise.all(Array.from({ length: 5 }, () => countTimeline(database, stepped)));
  await append();
  for (const timelineCounts of counts) expect(timelineCounts.appended).toEqual({ "t.case": 600 });
  expect((await countTimeline(database, stepped)).appended).toEqual({ "t.case": 601 });
  const rows = await database.query({ text: "select from timeline_count" });
  expect(rows.length).toBeLessThan(10);
});
