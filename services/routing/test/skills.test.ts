import type { Skill } from "@crossline/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSkills } from "../src/store/skills.ts";
import { type Ask, type World, startWorld } from "./world.ts";

let world: World;
let northtel: Ask;
let southtel: Ask;
let orchard: Ask;
let operator: Ask;
beforeAll(async () => {
  world = await startWorld();
  [northtel, southtel, orchard, operator] = ["northtel", "southtel", "orchard", "operator"].map((party) =>
    world.as(party),
  ) as [Ask, Ask, Ask, Ask];
});
afterAll(() => world.stop());

const pocket: Skill = { os: "PocketOS", level: 2, from: "2026-03-01T05:00:00Z", source: "Exam 17" };
const tablet: Skill = { model: "Tablet", level: 3, from: "2026-03-01T05:00:00Z", source: "Exam 18" };
const expired: Skill = { ...pocket, os: "OtherOS", until: "2026-04-01T05:00:00Z" };

test("a party sets the skills of a person; a reader sees which are valid now, and the history stays after the removal", async () => {
  const first = await northtel("PUT", "/v1/skills/rep-1", { skills: [pocket, expired], changedBy: "trainer-2" });
  expect(first).toMatchObject({ status: 200, body: { person: "rep-1" } });
  expect(first.body.skills).toEqual([
    { ...expired, valid: false },
    { ...pocket, valid: true },
  ]);
  expect((await northtel("PUT", "/v1/skills/rep-1", { skills: [expired, pocket] })).body).toEqual(first.body);
  expect((await northtel("GET", "/v1/skills/rep-1")).body).toEqual(first.body);
  await northtel("PUT", "/v1/skills/rep-1", { skills: [tablet] });
  expect(await northtel("DELETE", "/v1/skills/rep-1?changedBy=trainer-3")).toMatchObject({ status: 204 });
  expect(await northtel("DELETE", "/v1/skills/rep-1")).toMatchObject({ status: 404 });
  expect(await northtel("GET", "/v1/skills/rep-1")).toMatchObject({ status: 404 });
  const { body } = await northtel("GET", "/v1/skills/rep-1/changes?limit=2");
  expect(body.items).toMatchObject([
    { by: { party: "northtel", person: "trainer-3" }, before: [tablet] },
    { by: { party: "northtel" }, before: [expired, pocket], after: [tablet] },
  ]);
  expect(body.items[0].after).toBeUndefined();
  const rest = (await northtel("GET", `/v1/skills/rep-1/changes?limit=2&cursor=${body.next}`)).body;
  expect(rest).toMatchObject({ items: [{ by: { person: "trainer-2" }, after: [expired, pocket] }] });
  expect([rest.items[0].before, rest.next]).toEqual([undefined, undefined]);
});

test("a request sets many people once per idempotency key, and other people stay", async () => {
  await orchard("PUT", "/v1/skills/eng-0", { skills: [pocket] });
  const people = [
    { person: "eng-0", skills: [pocket] },
    { person: "eng-1", skills: [pocket, tablet] },
    { person: "eng-2", skills: [expired] },
  ];
  const headers = { "idempotency-key": "many-1" };
  const counts = { added: 2, removed: 0, changed: 0, unchanged: 1 };
  expect((await orchard("POST", "/v1/skills", { people }, headers)).body).toEqual(counts);
  expect((await orchard("POST", "/v1/skills", { people }, headers)).body).toEqual(counts);
  expect((await orchard("GET", "/v1/skills/eng-1/changes")).body.items).toHaveLength(1);
  expect(await readSkills(world.database, "orchard", ["eng-1", "eng-9"])).toEqual(
    new Map([["eng-1", [pocket, tablet]]]),
  );
  expect(await orchard("POST", "/v1/skills", { people: [people[0], people[0]] })).toMatchObject({
    status: 400,
    body: { fields: [{ at: "/people/1/person", message: "repeats a person" }] },
  });
});

test("a list finds the people who are certified for a device at an instant, in pages", async () => {
  const find = async (query: string) => {
    const { status, body } = await orchard("GET", `/v1/skills?${query}`);
    return status === 200 ? body.items.map(({ person }: { person: string }) => person) : body;
  };
  expect(await find("")).toEqual(["eng-0", "eng-1", "eng-2"]);
  expect(await find("os=pocketos%204.2")).toEqual(["eng-0", "eng-1"]);
  expect(await find("os=PocketOS&level=3")).toEqual([]);
  expect(await find("model=Tablet%202")).toEqual(["eng-1"]);
  expect(await find("level=1")).toEqual(["eng-0", "eng-1"]);
  expect(await find("os=OtherOS&at=2026-03-15T00:00:00Z")).toEqual(["eng-2"]);
  expect(await find("at=2020-01-01T00:00:00Z")).toEqual([]);
  const first = (await orchard("GET", "/v1/skills?os=PocketOS&limit=1")).body;
  expect(first.items).toMatchObject([{ person: "eng-0" }]);
  expect(await find(`os=PocketOS&limit=1&cursor=${first.next}`)).toEqual(["eng-1"]);
  expect(await find("cursor=WzFd")).toMatchObject({ code: "invalid_request" });
});

test("a party reads and changes only its own skills; the operator reads those of a named party", async () => {
  await northtel("PUT", "/v1/skills/rep-2", { skills: [pocket] });
  for (const other of [southtel, orchard]) {
    expect(await other("GET", "/v1/skills/rep-2")).toMatchObject({ status: 404 });
    expect(await other("GET", "/v1/skills?party=northtel")).toMatchObject({ status: 404 });
    expect(await other("GET", "/v1/skills/rep-2/changes?party=northtel")).toMatchObject({ status: 404 });
    expect((await other("GET", "/v1/skills/rep-2/changes")).body).toEqual({ items: [] });
    expect(await other("DELETE", "/v1/skills/rep-2")).toMatchObject({ status: 404 });
  }
  expect((await southtel("GET", "/v1/skills")).body).toEqual({ items: [], revision: 0 });
  expect(await operator("GET", "/v1/skills/rep-2?party=northtel")).toMatchObject({ status: 200 });
  expect(await operator("GET", "/v1/skills/rep-2")).toMatchObject({ status: 400, body: { fields: [{ at: "party" }] } });
  expect(await operator("GET", "/v1/skills?party=none")).toMatchObject({
    status: 422,
    body: { code: "unknown_party" },
  });
  expect(await operator("PUT", "/v1/skills/rep-2", { skills: [pocket] })).toMatchObject({ status: 403 });
  expect(await northtel("GET", "/v1/skills/rep-2")).toMatchObject({ status: 200 });
});

test.each<[string, object, string]>([
  ["no skill", { skills: [] }, "/skills"],
  ["101 skills", { skills: Array.from({ length: 101 }, () => pocket) }, "/skills"],
  ["a skill for nothing", { skills: [{ ...pocket, os: undefined }] }, "/skills/0"],
  [
    "a range that ends before it begins",
    { skills: [{ ...pocket, versions: { from: "5", to: "4" } }] },
    "/skills/0/versions/to",
  ],
  ["an unknown field", { skills: [{ ...pocket, name: "Ada" }] }, "/skills/0/name"],
  ["a hidden character", { skills: [{ ...pocket, os: "Pocket\u202eOS" }] }, "/skills/0/os"],
])("a request with %s is refused with the place, and changes nothing", async (_, body, at) => {
  const refused = await northtel("PUT", "/v1/skills/rep-3", body);
  expect(refused).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  expect(refused.body.fields[0].at).toBe(at);
  expect((await northtel("GET", "/v1/skills/rep-3")).status).toBe(404);
});

test("a party can have 50,000 people with skills, and one more is refused", async () => {
  await world.database.query({
    text: `
      -- test.insert-people
      insert into skilled_person (party, person, skills, changed_at)
      select 'quill', 'eng-' || number, $1, now() from generate_series(1, 50000) number`,
    values: [JSON.stringify([pocket])],
  });
  const quill = world.as("quill");
  const limit = { status: 422, body: { code: "limit_reached" } };
  expect(await quill("PUT", "/v1/skills/one-more", { skills: [pocket] })).toMatchObject(limit);
  expect(await quill("POST", "/v1/skills", { people: [{ person: "one-more", skills: [pocket] }] })).toMatchObject(
    limit,
  );
  const upload = (await quill("POST", "/v1/skill-uploads", { mode: "add" })).body;
  await quill("PUT", `/v1/skill-uploads/${upload.id}/people`, { people: [{ person: "one-more", skills: [pocket] }] });
  expect(await quill("POST", `/v1/skill-uploads/${upload.id}/apply`, { people: 1 })).toMatchObject(limit);
  expect(await quill("PUT", "/v1/skills/eng-1", { skills: [tablet] })).toMatchObject({ status: 200 });
  expect((await quill("GET", "/v1/skills/one-more")).status).toBe(404);
  // A search reads a limited number of people, so it returns a place at which it continues.
  const page = (await quill("GET", "/v1/skills?model=Tablet")).body;
  expect([page.items.length, typeof page.next]).toEqual([1, "string"]);
});

test("the log has no id of a person and no source", () => {
  expect(JSON.stringify(world.logged)).not.toMatch(/rep-1|eng-1|trainer-2|Exam 17/);
});
