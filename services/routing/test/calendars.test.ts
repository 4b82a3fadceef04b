import { type CalendarDocument, topics } from "@crossline/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ask, type World, sound, startWorld } from "./world.ts";

let world: World;
let northtel: Ask;
let southtel: Ask;
let orchard: Ask;
let operator: Ask;

beforeAll(async () => {
  world = await startWorld();
  [northtel, southtel, orchard, operator] = [
    world.as("northtel"),
    world.as("southtel"),
    world.as("orchard"),
    world.as("operator"),
  ];
});
afterAll(() => world.stop());

const week = { mon: ["09:00-17:00"], tue: ["09:00-17:00"] };
const care: CalendarDocument = { calendar: "care", zone: "America/Toronto", week };
const versions = (party: string, name: string): string => `/v1/calendars/${party}/${name}/versions`;

test("a published calendar version never changes, and a new name is published once", async () => {
  const first = await northtel("POST", "/v1/calendars", care);
  expect(first).toMatchObject({
    status: 201,
    body: { calendar: { party: "northtel", name: "care", version: 1 }, document: care },
  });
  expect(await northtel("POST", "/v1/calendars", care)).toMatchObject({
    status: 409,
    body: { code: "already_exists", newest: 1 },
  });
  const changed = { ...care, exceptions: [{ date: "2026-12-25", open: [], name: "Christmas Day" }] };
  const second = await northtel("POST", versions("northtel", "care"), changed);
  expect(second).toMatchObject({ status: 201, body: { calendar: { version: 2 }, document: changed } });
  expect((await northtel("GET", "/v1/calendars/northtel/care")).body).toEqual(second.body);
  expect((await northtel("GET", `${versions("northtel", "care")}/1`)).body).toEqual(first.body);
  expect((await northtel("GET", `${versions("northtel", "care")}/3`)).status).toBe(404);
  const listed = await northtel("GET", `${versions("northtel", "care")}?limit=1`);
  expect(listed.body.items).toEqual([second.body]);
  const rest = await northtel("GET", `${versions("northtel", "care")}?limit=1&cursor=${listed.body.next}`);
  expect(rest.body).toEqual({ items: [first.body] });
});

test("a repeated request publishes one version", async () => {
  const key = { "idempotency-key": "once" };
  const document = { ...care, calendar: "once" };
  const first = await northtel("POST", "/v1/calendars", document, key);
  expect(await northtel("POST", "/v1/calendars", document, key)).toMatchObject({ status: 201, body: first.body });
  expect(await northtel("POST", "/v1/calendars", { ...document, week: {} }, { "idempotency-key": "" })).toMatchObject({
    status: 400,
    body: { code: "missing_idempotency_key" },
  });
});

test("two concurrent publications get two versions", async () => {
  await orchard("POST", "/v1/calendars", { ...care, calendar: "race" });
  const document = { ...care, calendar: "race" };
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => orchard("POST", versions("orchard", "race"), document)),
  );
  expect(answers.map(({ body }) => body.calendar?.version as number).toSorted((a, b) => a - b)).toEqual([
    2, 3, 4, 5, 6,
  ]);
});

test("every party reads every calendar; only the owner of a calendar and the operator publish it", async () => {
  expect((await orchard("GET", "/v1/calendars/northtel/care")).status).toBe(200);
  expect((await southtel("GET", "/v1/calendars/northtel/unheard-of")).status).toBe(404);
  expect((await southtel("GET", versions("northtel", "unheard-of"))).status).toBe(404);
  expect((await world.as("nobody")("GET", "/v1/calendars")).status).toBe(401);
  expect(await southtel("POST", versions("northtel", "care"), care)).toMatchObject({
    status: 403,
    body: { code: "forbidden" },
  });
  expect((await northtel("POST", versions("northtel", "unheard-of"), { ...care, calendar: "unheard-of" })).status).toBe(
    404,
  );
  expect(await operator("POST", "/v1/calendars", care)).toMatchObject({
    status: 400,
    body: { fields: [{ at: "party" }] },
  });
  expect(await operator("POST", "/v1/calendars?party=lumen", care)).toMatchObject({
    status: 422,
    body: { code: "unknown_party" },
  });
  const made = await operator("POST", "/v1/calendars?party=orchard", { ...care, calendar: "made" });
  expect(made).toMatchObject({ status: 201, body: { calendar: { party: "orchard", name: "made" } } });
  const names = async (query: string): Promise<string[]> => {
    const found: string[] = [];
    for (let cursor = ""; ;) {
      const { body } = await southtel("GET", `/v1/calendars?limit=2${query}${cursor}`);
      for (const { calendar } of body.items) found.push(`${calendar.party}/${calendar.name}`);
      if (body.next === undefined) return found;
      cursor = `&cursor=${body.next}`;
    }
  };
  expect(await names("")).toEqual(["northtel/care", "northtel/once", "orchard/made", "orchard/race"]);
  expect(await names("&party=orchard")).toEqual(["orchard/made", "orchard/race"]);
});

describe("a calendar with faults", () => {
  const faulty = { calendar: "24x7", zone: "America/Toronto", week: { mon: ["09:00-12:00", "11:00-13:00"] } };

  test("a calendar with faults is refused with the place of each fault", async () => {
    const { status, body } = await northtel("POST", "/v1/calendars", faulty);
    expect({ status, code: body.code }).toEqual({ status: 422, code: "calendar_does_not_lint" });
    expect(body.fields.map(({ at }: { at: string }) => at)).toEqual(["/calendar", "/week/mon/1"]);
    const other = await northtel("POST", versions("northtel", "care"), { ...care, calendar: "other" });
    expect(other).toMatchObject({ status: 422, body: { fields: [{ at: "/calendar" }] } });
  });

  test("the lint finds the faults of a calendar and publishes nothing", async () => {
    expect(await orchard("POST", "/v1/calendars/lint", care)).toMatchObject({ status: 200, body: { faults: [] } });
    expect((await orchard("POST", "/v1/calendars/lint", faulty)).body.faults).toHaveLength(2);
    expect((await orchard("POST", "/v1/calendars/lint", { ...care, schema: 7 })).body.faults).toMatchObject([
      { at: "/schema" },
    ]);
  });
});

test("the list of holidays changes no calendar", async () => {
  const { status, body } = await northtel("GET", "/v1/holidays?country=CA&region=ON&year=2026");
  expect(status).toBe(200);
  expect(body.exceptions).toEqual(
    expect.arrayContaining([
      { date: "2026-07-01", open: [], name: "Canada Day" },
      { date: "2026-10-12", open: [], name: "Thanksgiving" },
    ]),
  );
  expect(body.source).toMatch(/CC BY-SA/);
  const reviewed = { ...care, calendar: "reviewed", exceptions: body.exceptions };
  expect((await northtel("POST", "/v1/calendars", reviewed)).status).toBe(201);
  expect(await northtel("GET", "/v1/holidays?country=ZZ&year=2026")).toMatchObject({
    status: 400,
    body: { fields: [{ at: "country" }] },
  });
  expect(await northtel("GET", "/v1/holidays?country=CA&region=XX&year=2026")).toMatchObject({
    status: 400,
    body: { fields: [{ at: "region" }] },
  });
  expect((await northtel("GET", "/v1/holidays?country=CA&year=1")).status).toBe(400);
});

describe("a line", () => {
  const line = {
    ...sound,
    line: "pinning",
    calendar: "care",
    clocks: [{ kind: "stall.busy", target: "PT20M", warnAt: [], calendar: ["care", "orchard/race"] }],
    crossing: [{ to: "queue:orchard.handheld", hours: "orchard/race", mode: "ticket", repeat: 1 }],
    needBy: { cure: "PT24H", hours: "orchard/race" },
  };

  beforeAll(async () => void (await orchard("PUT", "/v1/queues/orchard.handheld")));

  test("a line is published with the newest version of each calendar that it names", async () => {
    const { status, body } = await northtel("POST", "/v1/lines", line);
    expect(status).toBe(201);
    expect(body.calendars).toMatchObject({
      care: { ref: { party: "northtel", name: "care", version: 2 } },
      "orchard/race": { ref: { party: "orchard", name: "race", version: 6 }, document: { calendar: "race" } },
    });
    await northtel("POST", versions("northtel", "care"), care);
    expect((await northtel("GET", "/v1/lines/pinning")).body).toEqual(body);
    const next = await northtel("POST", "/v1/lines/pinning/versions", line);
    expect(next.body.calendars).toMatchObject({ care: { ref: { version: 3 } } });
    await world.drained();
    const published = world.seen.filter(
      ({ topic, key }) => topic === topics.line && key.startsWith("northtel/pinning@"),
    );
    expect(published).toMatchObject([
      { data: { calendars: body.calendars } },
      { data: { calendars: next.body.calendars } },
    ]);
  });

  test("a line with unknown calendars is refused, and the refusal names the place of each", async () => {
    const { status, body } = await southtel("POST", "/v1/lines", {
      ...line,
      needBy: { cure: "PT24H", hours: "orchard/none" },
    });
    expect({ status, code: body.code }).toEqual({ status: 422, code: "line_does_not_lint" });
    expect(body.fields.map(({ at }: { at: string }) => at)).toEqual([
      "/calendar",
      "/clocks/0/calendar/0",
      "/needBy/hours",
    ]);
    expect(body.fields[0].message).toMatch(/unknown calendar care/);
    expect((await southtel("POST", "/v1/lines/lint", line)).body.faults).toHaveLength(2);
    // If the operator names no carrier, the lint checks only calendar names with a party.
    expect((await operator("POST", "/v1/lines/lint", line)).body.faults).toEqual([]);
    expect((await operator("POST", "/v1/lines/lint?carrier=southtel", line)).body.faults).toHaveLength(2);
  });

  test("a line cannot name calendars that are never open at the same time", async () => {
    await northtel("POST", "/v1/calendars", { ...care, calendar: "sundays", week: { sun: ["09:00-12:00"] } });
    const { body } = await northtel("POST", "/v1/lines/lint", { ...line, calendar: ["care", "sundays"] });
    expect(body.faults).toMatchObject([{ at: "/calendar", message: "these calendars are never open together" }]);
  });
});

test("⚠ a calendar that never opens counts as 24x7 and raises an alarm", async () => {
  const closed = {
    ref: { party: "northtel", name: "closed", version: 1 },
    document: { ...care, calendar: "closed", week: {} },
  };
  await world.database.query({
    text: "insert into line (carrier, name, version, document, calendars, created_at) values ('northtel', 'closed', 1, $1, $2, now())",
    values: [JSON.stringify({ ...sound, line: "closed", calendar: "closed" }), JSON.stringify({ closed })],
  });
  const opened = await world.open({ carrier: "northtel", name: "closed", version: 1 });
  await opened.cross();
  await opened.offered();
  expect(world.logged.filter(({ calendar }) => calendar === "northtel/closed@1")).toMatchObject([
    { level: "error", msg: "alarm: a calendar of a line never opens; it counts as 24x7" },
  ]);
  const { body } = await world.internal("GET", "/metrics");
  expect(body).toMatch(/crossline_routing_alarms_total\{[^}]*alarm="closed-calendar"[^}]*\} 1/);
});
