import { afterAll, beforeAll, expect, test } from "vitest";
import { readHeads } from "../src/store/heads.ts";
import { opening } from "./world.ts";
import { type World, createWorld } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

test("intake reads the last sequences of cases and of marks in several result pages", async () => {
  const { body } = await world.northtel.post("/v1/cases", opening());
  await world.northtel.post(`/v1/cases/${body.id}/entries`, { kind: "note", text: "tried a restart" });
  const first = await readHeads(world.database, "", 2);
  expect(first).toEqual([{ key: body.id, sequence: 2, timeline: "wall", partition: null }]);
  expect(await readHeads(world.database, body.id, 2)).toEqual([]);
});

test("a case shows, also in a list, that its records may be lost", async () => {
  const { body } = await world.northtel.post("/v1/cases", opening({ carrierCaseId: "GAP-1" }));
  const read = async () => {
    const alone = await world.northtel.get(`/v1/cases/${body.id}`);
    const listed = await world.northtel.get("/v1/cases?carrierCaseId=GAP-1");
    return [alone.body.gap, listed.body.items[0].gap];
  };
  expect(await read()).toEqual([undefined, undefined]);
  const mark =
    "insert into inbox_gap_mark (key, topic, partition, is_known) values ($1, 'crossline.handoff.v1', 0, false)";
  await world.database.query({ text: mark, values: [body.id] });
  expect(await read()).toEqual([true, true]);
});
