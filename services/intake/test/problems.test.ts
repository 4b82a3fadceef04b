import { topics, wall } from "@crossline/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type World, createWorld, opening, waitFor } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  for (const carrier of ["northtel", "lumen"]) await publish(carrier);
});
afterAll(() => world.stop());

const name = "broadband";
async function publish(carrier: string): Promise<void> {
  const document = {
    line: name,
    calendar: "24x7",
    clocks: [{ kind: "stall.idle", target: "PT2H", warnAt: [] }],
    crossing: [{ to: "queue:orchard.handheld", mode: "ticket", repeat: 1 }],
    lastResort: ["https://northtel.example/duty"],
    requires: ["device.model", { item: "activation-code", from: "carrier" }, { item: "msid", from: "vendor" }],
    problems: { missing: 3, within: "P7D" },
  };
  const data = { line: { carrier, name, version: 1 }, document };
  const one = { topic: topics.line, key: `${carrier}/${name}@1`, sequence: 1, type: "line.published" };
  await world.publish({ ...one, time: 0, timeline: wall, data });
}
const open = async (more: Record<string, unknown> = {}, client = world.northtel) =>
  (await client.post("/v1/cases", opening({ line: name, ...more }))).body;
const device = { model: "Notebook Q4" };
const problems = async (client = world.northtel) =>
  (await client.get("/v1/problems")).body.items.map(
    (one: any) => `${one.kind} ${one.channel} ${one.item} ${one.cases}`,
  );

test("from its opening, a case shows its completeness, its missing items, and which party must give each missing item", async () => {
  const { id, missing, completeness } = await open({ kind: "alone", device });
  expect(missing).toEqual([
    { item: "activation-code", from: "carrier" },
    { item: "msid", from: "vendor" },
  ]);
  expect(completeness).toBe(33);
  await world.northtel.post(`/v1/cases/${id}/entries`, { kind: "fact", fact: { name: "msid", value: "42" } });
  expect((await world.northtel.get(`/v1/cases/${id}`)).body).toMatchObject({
    missing: [{ item: "activation-code" }],
    completeness: 66,
  });
});

test("⚠ if three cases of one channel lack an item, the third case opens a problem, and later cases open no further problem", async () => {
  const ids: string[] = [];
  for (let number = 0; number < 5; number++) ids.push((await open({ kind: "activation", channel: "web", device })).id);
  await open({ kind: "activation", channel: "phone", device });
  await open({ kind: "other", channel: "web", device });
  await waitFor(() => world.eventTypes(ids[4] ?? "").length > 0);
  const problemEvents = ids.map((id) => world.eventTypes(id).filter((type) => type === "problem.opened").length);
  expect(problemEvents).toEqual([0, 0, 2, 0, 0]);
  expect((await problems()).toSorted()).toEqual(["activation web activation-code 3", "activation web msid 3"]);
  expect((await world.northtel.get("/v1/problems")).body.items[0].caseId).toBe(ids[2]);
});

test("concurrent cases open only one problem", async () => {
  const opened = await Promise.all(Array.from({ length: 12 }, () => open({ kind: "storm", channel: "mail", device })));
  await waitFor(() => opened.every(({ id }) => world.eventTypes(id).length > 0));
  const problemEvents = opened.flatMap(({ id }) => world.eventTypes(id)).filter((type) => type === "problem.opened");
  expect(problemEvents).toHaveLength(2);
});

test("intake counts the missing items of each carrier separately, and shows each carrier only its own problems", async () => {
  for (const client of [world.northtel, world.northtel, world.lumen])
    await open({ kind: "shared", channel: "chat", device }, client);
  expect((await problems()).filter((one: string) => one.startsWith("shared"))).toEqual([]);
  expect(await problems(world.lumen)).toEqual([]);
  expect((await world.orchard.get("/v1/problems")).body.items).toEqual([]);
});

test("intake counts a missing item only within the period that the line sets", async () => {
  await open({ kind: "slow", channel: "store", device });
  await open({ kind: "slow", channel: "store", device });
  await world.database.query({ text: "update missing_item set at = at - interval '8 days' where kind = 'slow'" });
  await open({ kind: "slow", channel: "store", device });
  expect((await problems()).filter((one: string) => one.startsWith("slow"))).toEqual([]);
});
