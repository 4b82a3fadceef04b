import { topics } from "@crossline/contracts";
import { type Database, connect } from "@crossline/postgres";
import { type FreshDatabase, freshDatabase } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSession } from "../src/commands/open-session.ts";
import { expireRows } from "../src/store/expire.ts";

let fresh: FreshDatabase;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase("console");
  database = connect({ url: fresh.url, schema: "console", applicationName: "expire-test" });
});
afterAll(async () => {
  await database?.close();
  await fresh?.drop();
});

const keysOf = async (topic: string): Promise<number> => {
  const text = "select count(*) as count from inbox_sequence where topic = $1";
  const [row] = await database.query<{ count: number }>({ text, values: [topic] });
  return row?.count ?? 0;
};

test("the console forgets the keys of the action topic in batches, and keeps the keys of cases", async () => {
  await database.query({
    text: `insert into inbox_sequence (topic, key, seen, applied)
      select topic, 'key-' || number, 1, 1 from unnest($1::text[]) as topic, generate_series(1, 5) as number`,
    values: [[topics.action, topics.case]],
  });
  expect(await expireRows(database, 3)).toBe(3);
  expect(await keysOf(topics.action)).toBe(2);
  expect(await expireRows(database, 3)).toBe(2);
  expect([await keysOf(topics.action), await keysOf(topics.case)]).toEqual([0, 5]);
});

test("an expired session is deleted, and an open session stays", async () => {
  const person = (name: string) => ({ party: "northtel", person: name, roles: ["rep" as const] });
  await openSession(database, person("old"));
  await database.query({ text: "update session set expires_at = clock_timestamp()" });
  await openSession(database, person("new"));
  await expireRows(database, 10);
  expect(await database.query({ text: "select person from session" })).toEqual([{ person: "new" }]);
});
