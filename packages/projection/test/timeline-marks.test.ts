import { type ReceivedEvent, formatInstant } from "@crossline/contracts";
import { type Database, connect } from "@crossline/postgres";
import { applyMarks, findMark, readMarks } from "@crossline/projection";
import { type FreshDatabase, freshDatabase } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

let fresh: FreshDatabase;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase("projection");
  database = connect(fresh.options("projection"));
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const marked = (timeline: string, partition: number, mark: number) =>
  ({ timeline, partition, data: { mark: formatInstant(mark) } }) as ReceivedEvent<"timeline.marked">;

test("a mark moves forwards and never backwards, by partition", async () => {
  expect(
    await applyMarks(database, [marked("stp_a", 0, 5_000), marked("stp_a", 0, 9_000), marked("stp_a", 1, 7_000)]),
  ).toEqual([
    { timeline: "stp_a", partition: 0, mark: 5_000 },
    { timeline: "stp_a", partition: 0, mark: 9_000 },
    { timeline: "stp_a", partition: 1, mark: 7_000 },
  ]);
  await applyMarks(database, [marked("stp_a", 0, 6_000)]);
  const scopes = [0, 1, 2].map((partition) => ({ timeline: "stp_a", partition }));
  const found = await readMarks(database, [...scopes, { timeline: "stp_b", partition: 0 }]);
  expect(new Map(found.map(({ partition, mark }) => [partition, mark]))).toEqual(
    new Map([
      [0, 9_000],
      [1, 7_000],
    ]),
  );
});

test("a timeline's mark is the latest mark of its partitions", async () => {
  await applyMarks(database, [marked("stp_c", 0, 1_000), marked("stp_c", 3, 2_000)]);
  expect(await findMark(database, "stp_c")).toBe(2_000);
  expect(await findMark(database, "stp_d")).toBeUndefined();
});
