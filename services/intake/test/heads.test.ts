import { afterAll, beforeAll, expect, test } from "vitest";
import { readHeads } from "../src/store/heads.ts";
import { opening } from "./world.ts";
import { type World, createWorld } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

test("the heads are the last sequences of cases and of marks, page by page", async () => {
  const { body } = await world.northtel.post("/v1/cases", opening());
  await world.northtel.post(`/v1/cases/${body.id}/entries`, { kind: "note", text: "tried a restart" });
  const page = readHeads(2);
  const first = await page(world.database, "");
  expect(first).toEqual([{ key: body.id, sequence: 2, timeline: "wall", partition: null }]);
  expect(await page(world.database, body.id)).toEqual([]);
});
