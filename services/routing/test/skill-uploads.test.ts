import type { Skill } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expireRows } from "../src/store/expire.ts";
import { type Ask, type World, startWorld } from "./world.ts";

let world: World;
let northtel: Ask;
let orchard: Ask;
beforeAll(async () => {
  world = await startWorld();
  [northtel, orchard] = [world.as("northtel"), world.as("orchard")];
});
afterAll(() => world.stop());

const skillOf = (level: number, os = "PocketOS"): Skill => ({
  os,
  level,
  from: "2026-03-01T05:00:00Z",
  source: "Exam 17",
});
const peopleFrom = (first: number, count: number, level = 2) =>
  Array.from({ length: count }, (_, index) => ({
    person: `rep-${String(first + index).padStart(5, "0")}`,
    skills: [skillOf(level)],
  }));

type People = readonly { readonly person: string; readonly skills: readonly Skill[] }[];

async function upload(ask: Ask, mode: string, people: People, part = 1_000): Promise<string> {
  const { body } = await ask("POST", "/v1/skill-uploads", { mode, changedBy: "trainer-2" });
  for (let index = 0; index < people.length; index += part) {
    const sent = await ask("PUT", `/v1/skill-uploads/${body.id}/people`, { people: people.slice(index, index + part) });
    expect(sent.status).toBe(200);
  }
  return body.id as string;
}

const apply = (ask: Ask, id: string, body: number | object, headers?: Record<string, string>) =>
  ask("POST", `/v1/skill-uploads/${id}/apply`, typeof body === "number" ? { people: body } : body, headers);

async function readAll(ask: Ask, path: string): Promise<any[]> {
  const items: unknown[] = [];
  for (let cursor = ""; ;) {
    const { body } = await ask("GET", `${path}?limit=100${cursor === "" ? "" : `&cursor=${cursor}`}`);
    items.push(...body.items);
    if (body.next === undefined) return items;
    cursor = body.next;
  }
}

test("a full set shows its difference, has no effect before it is applied, and is applied once", async () => {
  await northtel("POST", "/v1/skills", { people: [...peopleFrom(0, 150), ...peopleFrom(900, 3)] });
  const wanted = [...peopleFrom(0, 140), ...peopleFrom(140, 10, 3), ...peopleFrom(150, 5)];
  const id = await upload(northtel, "replace", wanted, 50);
  const counts = { added: 5, removed: 3, changed: 10, unchanged: 140 };
  const { body } = await northtel("GET", `/v1/skill-uploads/${id}/difference?limit=2`);
  expect(body).toMatchObject({ counts, items: [{ person: "rep-00140", change: "changed" }, { person: "rep-00141" }] });
  const all = await readAll(northtel, `/v1/skill-uploads/${id}/difference`);
  expect(all).toHaveLength(18);
  expect(all[0]).toEqual({ person: "rep-00140", change: "changed", before: [skillOf(2)], after: [skillOf(3)] });
  expect(all.at(-1)).toEqual({ person: "rep-00902", change: "removed", before: [skillOf(2)] });
  expect(await readAll(northtel, "/v1/skills")).toHaveLength(153);

  expect(await apply(northtel, id, 154)).toMatchObject({ status: 409, body: { code: "stale_version", people: 155 } });
  const headers = { "idempotency-key": "apply-1" };
  const applied = await apply(northtel, id, { people: 155, revision: body.revision }, headers);
  expect(applied).toMatchObject({ status: 200, body: { people: 155, applied: { counts } } });
  expect((await apply(northtel, id, { people: 155, revision: body.revision }, headers)).body).toEqual(applied.body);
  expect((await northtel("GET", `/v1/skill-uploads/${id}`)).body).toMatchObject({ applied: { counts } });
  expect((await readAll(northtel, "/v1/skills")).map(({ person }) => person)).toEqual(
    wanted.map(({ person }) => person),
  );
  const [change] = (await northtel("GET", "/v1/skills/rep-00900/changes")).body.items;
  expect(change).toMatchObject({ upload: id, by: { person: "trainer-2" }, before: [skillOf(2)] });
  for (const late of [apply(northtel, id, 155), northtel("GET", `/v1/skill-uploads/${id}/difference`)])
    expect(await late).toMatchObject({ status: 409, body: { code: "stale_version" } });
  expect(await northtel("PUT", `/v1/skill-uploads/${id}/people`, { people: peopleFrom(0, 1) })).toMatchObject({
    status: 409,
  });
});

test("an upload that adds people removes none; a repeated part changes nothing", async () => {
  const id = await upload(northtel, "add", peopleFrom(149, 3, 4), 2);
  const again = await northtel("PUT", `/v1/skill-uploads/${id}/people`, { people: peopleFrom(149, 2, 4) });
  expect(again.body).toMatchObject({ id, mode: "add", people: 3 });
  expect(await apply(northtel, id, 3)).toMatchObject({
    body: { applied: { counts: { added: 0, removed: 0, changed: 3, unchanged: 0 } } },
  });
  expect(await readAll(northtel, "/v1/skills")).toHaveLength(155);
});

test("if the skills have changed since the difference was read, an apply with its revision is refused", async () => {
  const id = await upload(northtel, "replace", peopleFrom(0, 10));
  const { revision } = (await northtel("GET", `/v1/skill-uploads/${id}/difference`)).body;
  await northtel("PUT", "/v1/skills/late", { skills: [skillOf(1)] });
  expect(await apply(northtel, id, { people: 10, revision })).toMatchObject({
    status: 409,
    body: { code: "stale_version" },
  });
  expect(await northtel("GET", "/v1/skills/late")).toMatchObject({ status: 200 });
  expect(await northtel("DELETE", `/v1/skill-uploads/${id}`)).toMatchObject({ status: 204 });
  expect(await northtel("DELETE", `/v1/skill-uploads/${id}`)).toMatchObject({ status: 404 });
});

test("a reader never sees a part of a set, and two uploads at once do not mix", async () => {
  const count = 400;
  const levels = [1, 2, 3, 4, 5];
  const seen = new Set<string>();
  const done = new AbortController();
  const reading = (async () => {
    while (!done.signal.aborted) {
      const rows = await world.database.query<{ text: string }>({
        text: `
          -- test.read-levels
          select count(*) || ':' || string_agg(distinct skills->0->>'level', ',') as text
          from skilled_person where party = 'orchard'`,
      });
      seen.add(rows[0]?.text ?? "");
    }
  })();
  const ids = await Promise.all(
    levels.map((level) => upload(orchard, "replace", peopleFrom(level, count, level), 100)),
  );
  const applied = await Promise.all(ids.map((id) => apply(orchard, id, count)));
  done.abort();
  await reading;
  expect(applied.map(({ status }) => status)).toEqual(levels.map(() => 200));
  const people = await readAll(orchard, "/v1/skills");
  expect(people).toHaveLength(count);
  expect(new Set(people.map(({ skills }) => skills[0].level)).size).toBe(1);
  for (const text of seen) expect(text).toMatch(/^(?:0:|400:[1-5]|)$/);
});

test("an applied difference gives exactly the wanted skills, for random sets", async () => {
  const southtel = world.as("southtel");
  const skills = fc.array(
    fc.record({ level: fc.integer({ min: 1, max: 2 }), os: fc.constantFrom("PocketOS", "OtherOS") }),
    { minLength: 1, maxLength: 3 },
  );
  const sets = fc.dictionary(fc.constantFrom("p-1", "p-2", "p-3", "é-4", "P-1"), skills, { minKeys: 1 });
  await fc.assert(
    fc.asyncProperty(sets, async (set) => {
      const wanted = Object.entries(set).map(([person, all]) => ({
        person,
        skills: all.map(({ level, os }) => skillOf(level, os)),
      }));
      const id = await upload(southtel, "replace", wanted);
      const difference = (await southtel("GET", `/v1/skill-uploads/${id}/difference`)).body;
      const before = await readAll(southtel, "/v1/skills");
      const { body } = await apply(southtel, id, { people: wanted.length, revision: difference.revision });
      expect(body.applied.counts).toEqual(difference.counts);
      const { added, removed, changed, unchanged } = difference.counts;
      expect([removed + changed + unchanged, added + changed + unchanged]).toEqual([before.length, wanted.length]);
      const after = await readAll(southtel, "/v1/skills");
      expect(new Set(after.map(({ person }) => person))).toEqual(new Set(Object.keys(set)));
      const same = await upload(southtel, "replace", wanted);
      const repeated = (await southtel("GET", `/v1/skill-uploads/${same}/difference`)).body;
      expect(repeated).toMatchObject({ items: [], counts: { unchanged: wanted.length } });
      await southtel("DELETE", `/v1/skill-uploads/${same}`);
    }),
    { numRuns: 15 },
  );
});

test("another party does not find an upload; a party has at most ten open uploads, and each is deleted after a day", async () => {
  const quill = world.as("quill");
  const ids = [];
  for (let count = 0; count < 10; count += 1) ids.push(await upload(quill, "add", peopleFrom(count, 1)));
  expect(await quill("POST", "/v1/skill-uploads", { mode: "add" })).toMatchObject({
    status: 422,
    body: { code: "limit_reached" },
  });
  const [id] = ids;
  for (const request of [
    northtel("GET", `/v1/skill-uploads/${id}`),
    northtel("GET", `/v1/skill-uploads/${id}/difference`),
    northtel("PUT", `/v1/skill-uploads/${id}/people`, { people: peopleFrom(0, 1) }),
    apply(northtel, id ?? "", 1),
    northtel("DELETE", `/v1/skill-uploads/${id}`),
  ])
    expect(await request).toMatchObject({ status: 404 });
  expect(await world.as("operator")("POST", "/v1/skill-uploads", { mode: "add" })).toMatchObject({ status: 403 });
  await world.database.query({ text: "update skill_upload set opened_at = opened_at - interval '25 hours'" });
  await expireRows(world.database, 100);
  expect(await quill("GET", `/v1/skill-uploads/${id}`)).toMatchObject({ status: 404 });
  expect(await quill("POST", "/v1/skill-uploads", { mode: "add" })).toMatchObject({ status: 201 });
});

test("an upload continues after routing restarts", async () => {
  const id = await upload(northtel, "add", peopleFrom(5_000, 3));
  await world.restart();
  expect((await northtel("GET", `/v1/skill-uploads/${id}`)).body).toMatchObject({ people: 3 });
  await northtel("PUT", `/v1/skill-uploads/${id}/people`, { people: peopleFrom(5_003, 2) });
  expect(await apply(northtel, id, 5)).toMatchObject({ status: 200, body: { applied: { counts: { added: 5 } } } });
});

test("if Postgres ends the connection during an apply, nothing is applied, and the same request then applies all", async () => {
  const carrier = world.as("southtel");
  await carrier("POST", "/v1/skills", { people: peopleFrom(0, 300, 1) });
  const before = await readAll(carrier, "/v1/skills");
  const id = await upload(carrier, "replace", peopleFrom(100, 300, 5));
  const headers = { "idempotency-key": "apply-after-crash" };
  const answer = await world.database.transaction(async (tx) => {
    await tx.query({ text: "select from skilled_person where party = 'southtel' order by person limit 1 for update" });
    const applying = apply(carrier, id, 300, headers);
    await waitFor(async () => {
      // A transaction would see its first copy of pg_stat_activity again and again.
      const ended = await world.database.query({
        text: `
          -- test.end-apply
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query like '%routing.apply-skill-upload%'
            and pid <> pg_backend_pid()`,
      });
      return ended.length > 0;
    });
    return applying;
  });
  expect(answer.status).toBeGreaterThanOrEqual(500);
  expect(await readAll(carrier, "/v1/skills")).toEqual(before);
  expect(await apply(carrier, id, 300, headers)).toMatchObject({ status: 200 });
  const after = await readAll(carrier, "/v1/skills");
  expect(after.map(({ person }) => person)).toEqual(peopleFrom(100, 300).map(({ person }) => person));
  expect(new Set(after.map(({ skills }) => skills[0].level))).toEqual(new Set([5]));
});
