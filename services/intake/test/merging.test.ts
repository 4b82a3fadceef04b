import { afterAll, beforeAll, expect, test } from "vitest";
import { type World, createWorld, opening } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

test("if the timer does not respond, a merge gets 503 and changes neither case", async () => {
  const open = async () => (await world.northtel.post("/v1/cases", opening())).body.id as string;
  const [one, other] = [await open(), await open()];
  const response = await world.northtel.post(`/v1/cases/${one}/merge`, { into: other, reason: "one fault" });
  expect(response).toMatchObject({ status: 503, body: { code: "unavailable" } });
  for (const id of [one, other])
    expect((await world.northtel.get(`/v1/cases/${id}`)).body).toMatchObject({ status: "acknowledged", version: 1 });
});
