import { topics, wall } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ask, type World, startWorld } from "./world.ts";

let world: World;
let northtel: Ask;
let orchard: Ask;
beforeAll(async () => {
  world = await startWorld();
  [northtel, orchard] = [world.as("northtel"), world.as("orchard")];
});
afterAll(() => world.stop());

const daily = { turn: "daily", handover: "09:00", zone: "America/Toronto", start: "2026-03-01", order: ["p-ada"] };
const ada = { id: "p-ada", name: "Ada Lovett", mail: "ada@orchard.example" };
const duty = { roster: "duty", people: [ada], rotation: [daily] };
const crossing = [
  { to: "roster:orchard.duty" as const, mode: "ticket" as const, acceptWithin: "PT30M", repeat: 2 },
  { to: "queue:quill.care" as const, mode: "ticket" as const, repeat: 1 },
];
let configured = 0;

/** Publishes a dialling as notification does. */
const configure = (mail: boolean, privateAddresses: "refuse" | "allow") =>
  world.send({
    topic: topics.dialling,
    key: "installation",
    sequence: ++configured,
    type: "dialling.configured",
    time: Date.now(),
    timeline: wall,
    data: { mail, privateAddresses },
  });
const lint = async (roster: object) => (await orchard("POST", "/v1/rosters/lint", roster)).body.warnings;

test("the lint and publications warn about unusable contact methods as soon as notification has published its dialling", async () => {
  expect(await lint(duty)).toEqual([]);
  const first = await orchard("POST", "/v1/rosters", duty);
  expect(first.status).toBe(201);
  expect(first.body).not.toHaveProperty("warnings");
  await configure(false, "refuse");
  await waitFor(async () => (await lint(duty)).length === 1);
  const warnings = [{ at: "/people/0", message: expect.stringContaining("this installation sends no mail") }];
  expect(await lint(duty)).toEqual(warnings);
  expect(await orchard("POST", "/v1/rosters/duty/versions", duty)).toMatchObject({ status: 201, body: { warnings } });
  const window = { from: "2026-03-14T00:00:00Z", to: "2026-03-15T00:00:00Z" };
  expect(await orchard("POST", "/v1/rosters/duty/overrides", { ...window, person: null })).toMatchObject({
    status: 201,
    body: { warnings },
  });
  const pager = { ...ada, url: "https://pager.example.com/ada" };
  expect(await lint({ ...duty, people: [pager] })).toEqual([]);
  expect(await lint({ ...duty, people: [{ ...ada, url: "http://10.0.0.7/ada" }] })).toEqual([
    { at: "/people/0", message: expect.stringContaining("this installation does not dial private addresses") },
  ]);
});

test("a line whose last resort has an unusable address is published with a warning", async () => {
  await configure(true, "refuse");
  await waitFor(async () => (await lint(duty)).length === 0);
  const lastResort = ["https://duty.northtel.example/", "http://127.0.0.1:9/duty"];
  const line = {
    line: "care",
    mode: "cross",
    calendar: "24x7",
    clocks: [{ kind: "stall.busy", target: "PT20M", warnAt: [] }],
    crossing: [crossing[1]],
    lastResort,
  };
  await world.as("quill")("PUT", "/v1/queues/quill.care");
  const warnings = [
    { at: "/lastResort/1", message: expect.stringContaining("this installation does not dial private addresses") },
  ];
  expect(await northtel("POST", "/v1/lines/lint", line)).toMatchObject({ status: 200, body: { faults: [], warnings } });
  expect(await northtel("POST", "/v1/lines", line)).toMatchObject({ status: 201, body: { warnings } });
  await configure(true, "allow");
  await waitFor(async () => (await northtel("POST", "/v1/lines/lint", line)).body.warnings === undefined);
});

test("⚠ after an unreachable page of a step, routing takes the next step at once, and only once", async () => {
  const line = await world.publish("northtel", { line: "paging", crossing });
  const one = await world.open(line, { timeline: wall, at: Date.now() });
  await one.breach("stall.busy");
  const [page] = (await one.published()).handoffs;
  const unreachable = {
    pageId: String((page?.data as { pageId?: string } | undefined)?.pageId),
    party: "orchard",
    reason: "step" as const,
    addresses: 1,
  };
  await one.publish("page.unreachable", unreachable, topics.page);
  await one.publish("page.unreachable", unreachable, topics.page);
  await waitFor(async () => (await one.types()).length >= 2);
  await one.note("read after both");
  await waitFor(async () => (await one.types()).length >= 2);
  const { handoffs } = await one.published();
  expect(handoffs.map(({ type }) => type)).toEqual(["roster.paged", "handoff.offered"]);
  expect(handoffs[1]).toMatchObject({ data: { reason: "unreachable", step: 1 } });
  expect(await world.as("quill")("GET", `/v1/cases/${one.id}/handoffs`)).toMatchObject({
    body: { handoffs: [{ reason: "unreachable" }] },
  });
});
