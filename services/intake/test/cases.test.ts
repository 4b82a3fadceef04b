import { afterAll, beforeAll, expect, test } from "vitest";
import { type World, createWorld, opening } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

test("a case is opened, told and read", async () => {
  const opened = await world.northtel.post("/v1/cases", opening({ carrierCaseId: "NT-1", symptom: "dead-device" }));
  expect(opened.status).toBe(201);
  expect(opened.headers.get("location")).toBe(`/v1/cases/${opened.body.id}`);
  expect(opened.body).toMatchObject({
    status: "acknowledged",
    holder: "northtel",
    accountable: "northtel",
    lineReason: "builtin: northtel has no default",
    version: 1,
  });
  const read = await world.northtel.get(`/v1/cases/${opened.body.id}`);
  expect(read.status).toBe(200);
  expect(read.body).toMatchObject({ id: opened.body.id, carrierCaseId: "NT-1" });
});
