import { topics } from "@crossline/contracts";
import { builtinDocument } from "@crossline/domain";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ask, type World, sound, startWorld } from "./world.ts";

let world: World;
let northtel: Ask;
let southtel: Ask;
let operator: Ask;

beforeAll(async () => {
  world = await startWorld();
  [northtel, southtel, operator] = [world.as("northtel"), world.as("southtel"), world.as("operator")];
  for (const queue of ["orchard.handheld", "orchard.tier2"]) await world.as("orchard")("PUT", `/v1/queues/${queue}`);
});
afterAll(() => world.stop());

test("a published line version never changes, and a new name is published once", async () => {
  const first = await northtel("POST", "/v1/lines", { ...sound, line: "phones" });
  expect(first).toMatchObject({ status: 201, body: { line: { carrier: "northtel", name: "phones", version: 1 } } });
  const again = await northtel("POST", "/v1/lines", { ...sound, line: "phones" });
  expect(again).toMatchObject({ status: 409, body: { code: "already_exists", newest: 1 } });

  const changed = { ...sound, line: "phones", lastResort: ["https://northtel.example/other"] };
  const second = await northtel("POST", "/v1/lines/phones/versions", changed);
  expect(second).toMatchObject({ status: 201, body: { line: { version: 2 }, document: changed } });
  expect((await northtel("GET", "/v1/lines/phones")).body).toEqual(second.body);
  expect((await northtel("GET", "/v1/lines/phones/versions/1")).body).toEqual(first.body);
  expect((await northtel("GET", "/v1/lines/phones/versions/3")).status).toBe(404);
  expect((await northtel("GET", "/v1/lines/unheard-of")).status).toBe(404);
  expect((await northtel("POST", "/v1/lines/unheard-of/versions", { ...sound, line: "unheard-of" })).status).toBe(404);

  await world.drained();
  const published = world.seen.filter(({ topic, key }) => topic === topics.line && key.startsWith("northtel/phones@"));
  expect(published).toMatchObject([
    {
      key: "northtel/phones@1",
      sequence: 1,
      type: "line.published",
      data: { document: { lastResort: sound.lastResort } },
    },
    { key: "northtel/phones@2", sequence: 1, data: { line: { version: 2 }, document: changed } },
  ]);
  const stored = await world.database.query({ text: "select version from line where name = 'phones' order by 1" });
  expect(stored).toEqual([{ version: 1 }, { version: 2 }]);
});

test("two concurrent publications get two versions", async () => {
  await northtel("POST", "/v1/lines", { ...sound, line: "race" });
  const document = { ...sound, line: "race" };
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => northtel("POST", "/v1/lines/race/versions", document)),
  );
  expect(answers.map(({ body }) => body.line?.version as number).toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7]);
});

describe("a line with faults", () => {
  const faulty = {
    ...sound,
    line: "faulty",
    clocks: [{ kind: "stall.busy", target: "PT1S" }],
    crossing: [{ to: "queue:nobody" }],
    lastResort: [],
    trigger: [],
  };
  const unregistered = {
    ...sound,
    line: "faulty",
    crossing: [...sound.crossing, { to: "queue:lumen.core" }, { to: "queue:southtel.desk" }],
  };

  test("a line with faults is refused with the place of each fault and a way to correct it", async () => {
    const { status, body } = await northtel("POST", "/v1/lines", faulty);
    expect({ status, code: body.code }).toEqual({ status: 422, code: "line_does_not_lint" });
    const fields = body.fields as { at: string; message: string }[];
    expect(fields.map(({ at }) => at)).toEqual(["/clocks/0/target", "/crossing/0/to", "/trigger"]);
    expect(fields.every(({ message }) => message.length > 10)).toBe(true);
    expect((await northtel("GET", "/v1/lines/faulty")).status).toBe(404);
  });

  test("a line can cross only to registered vendors", async () => {
    const { status, body } = await northtel("POST", "/v1/lines", unregistered);
    expect(status).toBe(422);
    expect(body.fields).toMatchObject([{ at: "/crossing/2/to" }, { at: "/crossing/3/to" }]);
  });

  test("the lint finds the faults of a line and publishes nothing", async () => {
    expect(await northtel("POST", "/v1/lines/lint", sound)).toMatchObject({ status: 200, body: { faults: [] } });
    const { status, body } = await northtel("POST", "/v1/lines/lint", faulty);
    expect(status).toBe(200);
    expect(body.faults).toHaveLength(3);
    expect((await northtel("POST", "/v1/lines/lint", "no document")).body.faults).toMatchObject([{ at: "" }]);
  });

  test("a line is refused if its name is reserved or differs from the name in the address", async () => {
    const other = await northtel("POST", "/v1/lines/race/versions", { ...sound, line: "phones" });
    expect(other).toMatchObject({ status: 422, body: { fields: [{ at: "/line" }] } });
    const reserved = await northtel("POST", "/v1/lines", { ...sound, line: "default" });
    expect(reserved).toMatchObject({ status: 422, body: { fields: [{ at: "/line" }] } });
  });
});

test("a carrier chooses one of its own lines as its default line, and the choice is published after the line", async () => {
  const builtin = { carrier: "builtin", name: "default", version: 1 };
  expect((await southtel("GET", "/v1/lines/default")).body).toEqual({ line: builtin });
  const none = await southtel("PUT", "/v1/lines/default", { name: "phones" });
  expect(none).toMatchObject({ status: 422, body: { code: "unknown_line", fields: [{ at: "/name" }] } });
  for (const line of ["a", "b"]) await southtel("POST", "/v1/lines", { ...sound, line });
  for (const name of ["a", "a", "b"]) expect((await southtel("PUT", "/v1/lines/default", { name })).status).toBe(200);
  expect((await southtel("GET", "/v1/lines/default")).body).toMatchObject({ line: { carrier: "southtel", name: "b" } });
  await world.drained();
  expect(world.seen.filter(({ key }) => key === "southtel/default")).toMatchObject([
    { type: "line.defaulted", sequence: 1, data: { carrier: "southtel", name: "a" }, after: [{ key: "southtel/a@1" }] },
    { type: "line.defaulted", sequence: 2, data: { carrier: "southtel", name: "b" }, after: [{ key: "southtel/b@1" }] },
  ]);
});

test("a carrier lists its own lines and the built-in line; the operator names the carrier", async () => {
  const names = async (ask: Ask, query: string): Promise<string[]> => {
    const found: string[] = [];
    let cursor = "";
    do {
      const { body } = await ask("GET", `/v1/lines?limit=1${query}${cursor}`);
      found.push(
        ...body.items.map(({ line }: { line: { carrier: string; name: string } }) => `${line.carrier}/${line.name}`),
      );
      cursor = body.next === undefined ? "" : `&cursor=${body.next}`;
    } while (cursor !== "");
    return found;
  };
  expect(await names(southtel, "")).toEqual(["southtel/a", "southtel/b", "builtin/default"]);
  expect(await names(operator, "&carrier=southtel")).toEqual(["southtel/a", "southtel/b", "builtin/default"]);
  expect(await operator("GET", "/v1/lines")).toMatchObject({ status: 400, body: { fields: [{ at: "carrier" }] } });
  expect(await operator("GET", "/v1/lines?carrier=orchard")).toMatchObject({
    status: 422,
    body: { code: "unknown_party" },
  });
  expect((await southtel("GET", "/v1/lines?carrier=northtel")).status).toBe(404);
  expect((await southtel("GET", "/v1/lines/phones?carrier=northtel")).status).toBe(404);
  const made = await operator("POST", "/v1/lines?carrier=southtel", { ...sound, line: "c" });
  expect(made).toMatchObject({ status: 201, body: { line: { carrier: "southtel", name: "c" } } });
  const builtin = await southtel("GET", "/v1/lines/default/versions/1?carrier=builtin");
  expect(builtin).toMatchObject({ status: 200, body: { document: builtinDocument } });
});

test("routing limits the number of lines and the number of versions", async () => {
  await world.database.query({
    text: `insert into line (carrier, name, version, document, created_at) select 'northtel', 'many', n, $1, now() from generate_series(1, 1000) n`,
    values: [JSON.stringify({ ...sound, line: "many" })],
  });
  const version = await northtel("POST", "/v1/lines/many/versions", { ...sound, line: "many" });
  expect(version).toMatchObject({ status: 422, body: { code: "limit_reached" } });
  await world.database.query({
    text: `insert into line (carrier, name, version, document, created_at) select 'northtel', 'n' || n, 1, $1, now() from generate_series(1, 97) n`,
    values: [JSON.stringify(sound)],
  });
  const line = await northtel("POST", "/v1/lines", { ...sound, line: "one-more" });
  expect(line).toMatchObject({ status: 422, body: { code: "limit_reached" } });
});
