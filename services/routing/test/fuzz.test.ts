import {
  type LineRef,
  acceptRequest,
  calendarDocument,
  informationRequest,
  jointPersonRequest,
  jointSessionRequest,
  overrideRequest,
  problemDocument,
  rejectRequest,
  requestInfoRequest,
  resolveRequest,
  returnRequest,
  rosterDocument,
  swapRequest,
  takeRequest,
  transferRequest,
} from "@crossline/contracts";
import { lintLineDocument } from "@crossline/domain";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type World, acceptance, sound, startWorld } from "./world.ts";

/*
 * Sends random requests to each route that desks, carriers and authors of documents use. Routing accepts a request according to
 * the schema, or refuses the request and names the place of the fault. Routing never returns 500, and a refused request stores
 * nothing.
 */
let world: World;
let line: LineRef;
let desk: string;
let path: string;

beforeAll(async () => {
  world = await startWorld();
  line = await world.publish("northtel", { line: "handheld" });
  const one = await world.open(line);
  await one.cross();
  desk = `/v1/queues/orchard.handheld/handoffs/${await one.offered()}`;
  path = `/v1/cases/${one.id}`;
  await world.as("orchard")("POST", "/v1/rosters", roster());
});
afterAll(() => world.stop());

const evidence = { test: "t", result: "r", wouldChangeOurMind: "w" };
const engineer = { name: "Ada", contact: "ada@orchard.example" };
const interval = { mon: ["09:00-17:00"] };
const rotation = { turn: "daily", handover: "09:00", zone: "Europe/London", start: "2026-01-01", order: ["a"] };
const people = ["a", "b"].map((id) => ({ id, name: id, mail: `${id}@b.example` }));
const roster = () => ({ roster: "duty", people, rotation: [rotation] });
const window = { from: "2026-03-07T09:00:00Z", to: "2026-03-08T09:00:00Z" };
const override = () => ({ ...window, layer: "layer-1", person: "b" });
const swap = () => ({ ...window, between: ["a", "b"] });
const ok = (schema: { safeParse(body: unknown): { success: boolean } }) => (body: unknown) =>
  schema.safeParse(body).success;
const routes = [
  { as: "orchard", at: () => `${desk}/accept`, fits: ok(acceptRequest), like: () => acceptance(1, 1) },
  { as: "orchard", at: () => `${desk}/reject`, fits: ok(rejectRequest), like: () => ({ token: 1, code: "duplicate" }) },
  {
    as: "orchard",
    at: () => `${desk}/request-info`,
    fits: ok(requestInfoRequest),
    like: () => ({ token: 1, code: "needs-log", items: ["log"] }),
  },
  {
    as: "orchard",
    at: () => `${desk}/return`,
    fits: ok(returnRequest),
    like: () => ({ token: 1, code: "bad-data", evidence }),
  },
  {
    as: "orchard",
    at: () => `${desk}/transfer`,
    fits: ok(transferRequest),
    like: () => ({ token: 1, code: "wrong-team", to: "orchard.tier2" }),
  },
  {
    as: "orchard",
    at: () => `${desk}/resolve`,
    fits: ok(resolveRequest),
    like: () => ({ token: 1, fixCode: "x", rootCause: "y" }),
  },
  { as: "northtel", at: () => `${path}/take`, fits: ok(takeRequest), like: () => ({ engineer }) },
  { as: "northtel", at: () => `${path}/joint/person`, fits: ok(jointPersonRequest), like: () => ({ engineer }) },
  { as: "northtel", at: () => `${path}/joint/sessions`, fits: ok(jointSessionRequest), like: () => ({ outcome: "x" }) },
  {
    as: "northtel",
    at: () => `${path}/handoffs/ho_00000000000000000000000000/information`,
    fits: ok(informationRequest),
    like: () => ({ answer: "x" }),
  },
  {
    as: "northtel",
    at: () => "/v1/lines",
    fits: (body: unknown) => lintLineDocument(body).ok,
    like: () => ({ ...sound, line: "fuzzed" }),
  },
  {
    as: "northtel",
    at: () => "/v1/calendars",
    fits: ok(calendarDocument),
    like: () => ({
      calendar: "office",
      zone: "Europe/London",
      week: interval,
      exceptions: [{ date: "2026-12-25", open: [] }],
    }),
  },
  {
    as: "northtel",
    at: () => "/v1/rosters",
    fits: ok(rosterDocument),
    like: roster,
  },
  { as: "orchard", at: () => "/v1/rosters/duty/versions", fits: ok(rosterDocument), like: roster },
  { as: "orchard", at: () => "/v1/rosters/duty/preview?days=31", fits: ok(rosterDocument), like: roster },
  { as: "orchard", at: () => "/v1/rosters/duty/overrides", fits: ok(overrideRequest), like: override },
  { as: "orchard", at: () => "/v1/rosters/duty/overrides/preview", fits: ok(overrideRequest), like: override },
  { as: "orchard", at: () => "/v1/rosters/duty/swaps", fits: ok(swapRequest), like: swap },
  { as: "orchard", at: () => "/v1/rosters/duty/swaps/preview", fits: ok(swapRequest), like: swap },
  { as: "orchard", at: () => "/v1/rosters/lint", fits: () => true, like: roster },
] as const;

const damage = fc.record({
  key: fc.oneof(
    fc.constantFrom(
      "token",
      "code",
      "evidence",
      "to",
      "engineer",
      "eta",
      "readBack",
      "clocks",
      "crossing",
      "triggers",
      "match",
      "calendar",
      "week",
      "exceptions",
      "zone",
      "people",
      "rotation",
      "overrides",
      "swaps",
      "from",
      "person",
      "layer",
      "between",
      "mayWake",
      "needBy",
      "requires",
      "returns",
    ),
    fc.string(),
  ),
  value: fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.string({ unit: "binary" }),
    fc.constantFrom("\u0000", "\ud800", -0, 1e308, "24x7", "true", "P9999999D", [], {}),
  ),
});

test("a random request gets a documented response, never 500, and has no partial effect", async () => {
  const count = () =>
    world.database.query({
      text: `select (select count(*) from line) as lines,
        (select count(*) from calendar) as calendars, (select count(*) from roster) as rosters,
        (select string_agg(state::text, '' order by case_id) from case_crossing) as states`,
    });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...routes), fc.array(damage, { maxLength: 2 }), async (route, damages) => {
      const body = { ...route.like(), ...Object.fromEntries(damages.map(({ key, value }) => [key, value])) };
      const before = await count();
      const answer = await world.as(route.as)("POST", route.at(), body);
      expect(answer.status).not.toBe(500);
      const isRefused = answer.status >= 400;
      expect(!isRefused || problemDocument.safeParse(answer.body).success).toBe(true);
      // An accepted request has a valid response. A refused request stores nothing.
      const told = JSON.parse(JSON.stringify(body)) as unknown;
      expect(isRefused || route.fits(told)).toBe(true);
      const [was, is] = [before[0], (await count())[0]];
      expect(!isRefused || JSON.stringify(was) === JSON.stringify(is)).toBe(true);
    }),
    { numRuns: 300 },
  );
}, 120_000);
