import { formatInstant, topics, wall } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ask, type World, nine, startWorld } from "./world.ts";

let world: World;
let northtel: Ask;
let southtel: Ask;
let orchard: Ask;
let quill: Ask;
let operator: Ask;

beforeAll(async () => {
  world = await startWorld();
  [northtel, southtel, orchard, quill, operator] = ["northtel", "southtel", "orchard", "quill", "operator"].map(
    (party) => world.as(party),
  ) as [Ask, Ask, Ask, Ask, Ask];
});
afterAll(() => world.stop());

const daily = {
  turn: "daily",
  handover: "09:00",
  zone: "America/Toronto",
  start: "2026-03-01",
  order: ["p-ada", "p-ben"],
};
const duty = {
  roster: "duty",
  people: [
    { id: "p-ada", name: "Ada Lovett", mail: "ada@orchard.example" },
    { id: "p-ben", name: "Ben Ode", url: "https://pager.example.com/ben" },
  ],
  rotation: [daily],
};
const window = { from: formatInstant(nine + 3_600_000), to: formatInstant(nine + 7_200_000) };

test("only the owner of a roster and the operator publish and read the versions of the roster", async () => {
  const first = await orchard("POST", "/v1/rosters", duty);
  expect(first).toMatchObject({
    status: 201,
    body: { roster: { party: "orchard", name: "duty", version: 1 }, document: duty },
  });
  expect(await orchard("POST", "/v1/rosters", duty)).toMatchObject({ status: 409, body: { newest: 1 } });
  const second = await orchard("POST", "/v1/rosters/duty/versions", { ...duty, title: "At night" });
  expect(second).toMatchObject({ status: 201, body: { roster: { version: 2 } } });
  expect((await orchard("GET", "/v1/rosters/duty")).body).toEqual(second.body);
  expect((await orchard("GET", "/v1/rosters/duty/versions/1")).body).toEqual(first.body);
  expect((await orchard("GET", "/v1/rosters")).body).toEqual({ items: [second.body] });
  expect((await operator("GET", "/v1/rosters/duty?party=orchard")).body).toEqual(second.body);
  expect(await operator("GET", "/v1/rosters/duty")).toMatchObject({ status: 400, body: { fields: [{ at: "party" }] } });
  for (const other of [northtel, quill]) {
    expect((await other("GET", "/v1/rosters/duty")).status).toBe(404);
    expect((await other("GET", "/v1/rosters/duty?party=orchard")).status).toBe(404);
    expect((await other("GET", "/v1/rosters/duty/on-duty?party=orchard")).status).toBe(404);
    expect(
      (await other("POST", "/v1/rosters/duty/overrides?party=orchard", { ...window, person: "p-ada" })).status,
    ).toBe(404);
    expect((await other("POST", "/v1/rosters?party=orchard", duty)).status).toBe(404);
    expect((await other("GET", "/v1/rosters")).body).toEqual({ items: [] });
  }
});

test("a roster with faults is refused with each place; the lint finds the same faults and stores nothing", async () => {
  const faulty = { ...duty, roster: "faulty", rotation: [{ ...daily, order: ["p-ada", "p-eve"] }] };
  const places = [{ at: "/rotation/0/order/1" }];
  const refused = await orchard("POST", "/v1/rosters", faulty);
  expect(refused).toMatchObject({ status: 422, body: { code: "roster_does_not_lint", fields: places } });
  expect(await orchard("POST", "/v1/rosters/lint", faulty)).toMatchObject({ status: 200, body: { faults: places } });
  expect((await orchard("GET", "/v1/rosters/faulty")).status).toBe(404);
  for (const nonsense of ["text", [], 7, { roster: {} }])
    expect((await orchard("POST", "/v1/rosters", nonsense)).status).toBe(422);
});

test("the lint and the publication return the same warnings", async () => {
  const idle = { ...duty, roster: "idle", rotation: [{ ...daily, order: ["p-ada"] }] };
  const warnings = [{ at: "/people/1" }];
  expect(await orchard("POST", "/v1/rosters/lint", idle)).toMatchObject({
    status: 200,
    body: { faults: [], warnings },
  });
  expect(await orchard("POST", "/v1/rosters", idle)).toMatchObject({ status: 201, body: { warnings } });
});

test("overrides and swaps make new versions, and change the people on duty", async () => {
  // A new version leaves out overrides that ended long ago.
  const ahead = Date.UTC(2096, 2, 7, 14);
  const hour = { from: formatInstant(ahead + 3_600_000), to: formatInstant(ahead + 7_200_000) };
  await southtel("POST", "/v1/rosters", { ...duty, rotation: [{ ...daily, start: "2096-03-01" }] });
  const who = async (after: number) => {
    const at = encodeURIComponent(formatInstant(ahead + after));
    const { body } = await southtel("GET", `/v1/rosters/duty/on-duty?at=${at}`);
    return [body.version, ...body.people.map(({ person }: { person: string }) => person)];
  };
  // 7 March is the seventh day of the rotation. The handover is at nine.
  expect(await who(0)).toEqual([1, "p-ada"]);
  const override = await southtel("POST", "/v1/rosters/duty/overrides", { ...hour, person: "p-ben" });
  expect(override).toMatchObject({ status: 201, body: { roster: { version: 2 } } });
  expect(await who(3_600_000)).toEqual([2, "p-ben"]);
  expect(await who(7_200_000)).toEqual([2, "p-ada"]);
  const swap = { from: hour.to, to: formatInstant(ahead + 10_800_000), between: ["p-ada", "p-ben"] };
  expect(await southtel("POST", "/v1/rosters/duty/swaps", swap)).toMatchObject({ status: 201 });
  expect(await who(7_200_000)).toEqual([3, "p-ben"]);
  const overlapping = await southtel("POST", "/v1/rosters/duty/swaps", swap);
  expect(overlapping).toMatchObject({ status: 422, body: { fields: [{ at: "/swaps/1" }] } });
  const stranger = await southtel("POST", "/v1/rosters/duty/overrides", { ...swap, person: "p-ada" });
  expect(stranger).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  expect((await southtel("POST", "/v1/rosters/none/swaps", swap)).status).toBe(404);
  expect((await southtel("GET", "/v1/rosters/duty/on-duty")).body.people).toEqual([]);
});

describe("a preview", () => {
  const spring = { ...duty, roster: "spring", rotation: [{ ...daily, start: "2096-03-01" }] };
  const from = encodeURIComponent("2096-03-01T14:00:00Z");
  const path = "/v1/rosters/spring";
  const seats = (id: string | null) => ({ "layer-1": id });
  beforeAll(() => quill("POST", "/v1/rosters", spring));

  test("a preview of a new version shows the people on duty over time, and the first instant that differs", async () => {
    const { start, ...turns } = { ...daily, start: "2096-03-01" };
    const periods = [
      { ...turns, from: start },
      { ...turns, from: "2096-03-03", order: ["p-ben"] },
    ];
    const proposed = { ...spring, rotation: [{ name: "layer-1", periods }] };
    expect(await quill("POST", `${path}/preview?from=${from}&days=3`, proposed)).toMatchObject({
      status: 200,
      body: {
        version: 1,
        from: "2096-03-01T14:00:00Z",
        to: "2096-03-04T14:00:00Z",
        changesAt: "2096-03-03T14:00:00Z",
        spans: [
          { to: "2096-03-02T14:00:00Z", now: seats("p-ada"), proposed: seats("p-ada"), differs: false },
          { to: "2096-03-03T14:00:00Z", now: seats("p-ben"), proposed: seats("p-ben"), differs: false },
          { to: "2096-03-04T14:00:00Z", now: seats("p-ada"), proposed: seats("p-ben"), differs: true },
        ],
      },
    });
    expect((await quill("GET", path)).body.roster.version).toBe(1);
  });

  test("a preview of an override or a swap shows the people on duty and stores nothing", async () => {
    const day = { from: "2096-03-01T14:00:00Z", to: "2096-03-02T14:00:00Z" };
    const override = await quill("POST", `${path}/overrides/preview?from=${from}&days=1`, { ...day, person: null });
    expect(override.body).toMatchObject({ changesAt: day.from, spans: [{ ...day, proposed: seats(null) }] });
    const swap = { ...day, between: ["p-ada", "p-ben"] };
    const swapped = await quill("POST", `${path}/swaps/preview?from=${from}&days=1`, swap);
    expect(swapped.body).toMatchObject({ changesAt: day.from, spans: [{ ...day, proposed: seats("p-ben") }] });
    expect((await quill("GET", path)).body.roster.version).toBe(1);
  });

  test("a preview is refused for the same faults as the publication; a roster of another company is not found", async () => {
    const faulty = { ...spring, rotation: [{ ...daily, order: ["p-eve"] }] };
    const refused = { status: 422, body: { code: "roster_does_not_lint", fields: [{ at: "/rotation/0/order/0" }] } };
    expect(await quill("POST", `${path}/preview`, faulty)).toMatchObject(refused);
    const named = { status: 422, body: { fields: [{ at: "/roster" }] } };
    expect(await quill("POST", `${path}/preview`, { ...spring, roster: "other" })).toMatchObject(named);
    for (const wrong of ["days=0", "days=32", "days=x", "from=yesterday", "from=9999-12-31T00:00:00Z", "to=1"])
      expect((await quill("POST", `${path}/preview?${wrong}`, spring)).status).toBe(400);
    expect((await quill("POST", "/v1/rosters/none/preview", { ...spring, roster: "none" })).status).toBe(404);
    const swap = { from: "2096-03-01T14:00:00Z", to: "2096-03-02T14:00:00Z", between: ["p-ada", "p-ben"] };
    for (const [end, body] of [
      ["preview", spring],
      ["swaps/preview", swap],
      ["overrides/preview", { from: swap.from, to: swap.to, person: "p-ada" }],
    ] as const)
      expect((await northtel("POST", `${path}/${end}?party=quill`, body)).status).toBe(404);
  });

  test("⚠ a version that changes the people on duty at once is published with a warning", async () => {
    const always = (id: string) => ({ ...spring, roster: "now", rotation: [{ ...daily, order: [id] }] });
    const [warned] = (await quill("POST", "/v1/rosters", always("p-ada"))).body.warnings;
    expect(warned.at).toBe("/people/1");
    const { warnings } = (await quill("POST", "/v1/rosters/now/versions", always("p-ben"))).body;
    expect(warnings).toMatchObject([{ at: "/rotation" }, { at: "/people/0" }]);
    const again = await quill("POST", "/v1/rosters/now/versions", always("p-ben"));
    expect(again.body.warnings).toMatchObject([{ at: "/people/0" }]);
  });
});

test("⚠ a roster that was published under the old rule for turns has a warning until its next publication", async () => {
  const open = ["09:00-17:00"];
  const hours = { mon: open, tue: open, wed: open, thu: open };
  const office = { ...duty, roster: "office", rotation: [{ ...daily, start: "2026-03-02", hours }] };
  await quill("POST", "/v1/rosters", office);
  expect((await quill("GET", "/v1/rosters/office")).body.warnings).toBeUndefined();
  await world.database.query({ text: "update roster set counted = false where name = 'office'" });
  const warnings = [{ at: "/rotation/0", message: expect.stringContaining("now count only the days with hours") }];
  expect((await quill("GET", "/v1/rosters/office")).body.warnings).toEqual(warnings);
  expect((await quill("GET", "/v1/rosters/office/on-duty")).body.warnings).toEqual(warnings);
  const far = { from: "2096-03-01T14:00:00Z", to: "2096-03-02T14:00:00Z", person: "p-ada" };
  expect((await quill("POST", "/v1/rosters/office/overrides", far)).body.warnings).toEqual(warnings);
  expect((await quill("GET", "/v1/rosters/office")).body.warnings).toEqual(warnings);
  await quill("POST", "/v1/rosters/office/versions", office);
  expect((await quill("GET", "/v1/rosters/office")).body.warnings).toBeUndefined();
});

test("the lint simulates a roster from a given instant", async () => {
  const order = { ...daily, order: ["p-ada"] };
  const stoodIn = { ...duty, rotation: [order], overrides: [{ ...window, person: "p-ben" }] };
  const lintAt = async (at: number) => {
    const { body } = await orchard("POST", `/v1/rosters/lint?at=${formatInstant(at)}`, stoodIn);
    return body.warnings.map((warning: { at: string }) => warning.at);
  };
  expect(await lintAt(nine)).toEqual([]);
  expect(await lintAt(nine + 7_200_000)).toEqual(["/people/1"]);
  expect((await orchard("POST", "/v1/rosters/lint?at=now", stoodIn)).status).toBe(400);
});

test("a repeated override is added once", async () => {
  const key = { "idempotency-key": "once-1" };
  const body = { from: "2026-04-01T00:00:00Z", to: "2026-04-02T00:00:00Z", person: "p-ben" };
  const first = await southtel("POST", "/v1/rosters/duty/overrides", body, key);
  const again = await southtel("POST", "/v1/rosters/duty/overrides", body, key);
  expect(again.body).toEqual(first.body);
});

describe("a line with rosters", () => {
  const crossing = [
    { to: "roster:orchard.duty" as const, mode: "ticket" as const, acceptWithin: "PT5M", repeat: 1 },
    { to: "queue:quill.care" as const, mode: "ticket" as const, acceptWithin: "PT30M", repeat: 1 },
  ];

  test("a line can name published rosters of any party; an unknown roster is refused with its place", async () => {
    const line = {
      line: "strange",
      calendar: "24x7",
      clocks: [{ kind: "stall.busy", target: "PT20M" }],
      crossing: [{ to: "roster:orchard.nobody" }, ...crossing],
      lastResort: ["roster:northtel.nobody"],
      needBy: { cure: "PT1H", emergency: "roster:quill.emergency" },
    };
    const { status, body } = await northtel("POST", "/v1/lines", line);
    expect({ status, code: body.code }).toEqual({ status: 422, code: "line_does_not_lint" });
    const places = body.fields.map(({ at }: { at: string }) => at);
    expect(places).toEqual(["/crossing/0/to", "/lastResort/0", "/needBy/emergency"]);
  });

  test("a roster step pages the people on duty under the newest version, and one of them takes the case", async () => {
    const line = await world.publish("northtel", { line: "paged", crossing, lastResort: ["roster:orchard.duty"] });
    const one = await world.open(line);
    await one.breach("stall.busy");
    const [paged] = (await one.published()).handoffs;
    expect(paged).toMatchObject({
      type: "roster.paged",
      data: {
        reason: "step",
        roster: "orchard.duty",
        acceptWithin: "PT5M",
        people: ["p-ada"],
        subject: { people: [{ person: "p-ada", name: "Ada Lovett", mail: "ada@orchard.example" }] },
      },
    });
    const engineer = { name: "Ada Lovett", contact: "ada@orchard.example" };
    expect((await quill("POST", `/v1/cases/${one.id}/take`, { engineer })).status).toBe(404);
    // The paged party may take the case, but cannot read the case, since the case never crossed.
    expect((await orchard("GET", `/v1/cases/${one.id}/handoffs`)).status).toBe(404);
    expect(await orchard("POST", `/v1/cases/${one.id}/take`, { engineer })).toMatchObject({ status: 200 });
    expect((await one.types()).at(-1)).toBe("handoff.taken");
    expect(await orchard("POST", `/v1/cases/${one.id}/take`, { engineer })).toMatchObject({ status: 409 });
  });

  test("a new roster version applies at once; the next step follows if no person takes the case", async () => {
    const line = await world.publish("northtel", { line: "again", crossing });
    const one = await world.open(line);
    await orchard("POST", "/v1/rosters/duty/overrides", { ...window, person: "p-ben" });
    one.after(3_700);
    await one.breach("stall.busy");
    const [paged] = (await one.published()).handoffs;
    expect(paged).toMatchObject({ data: { people: ["p-ben"] } });
    one.after(300);
    await one.breach("vendor.acceptance", String((paged?.data as { pageId?: string } | undefined)?.pageId));
    expect(await one.types()).toEqual(["roster.paged", "handoff.offered"]);
  });

  test("personal data of a roster is published only in the subject of the event, and never logged", async () => {
    await waitFor(() => world.logged.length > 0);
    expect(JSON.stringify(world.logged)).not.toMatch(/Lovett|ada@|pager\.example/);
    const pages = world.seen.filter(({ type, topic }) => type === "roster.paged" && topic === topics.handoff);
    expect(pages.length).toBeGreaterThan(0);
    for (const { data } of pages) {
      const { subject: _, ...rest } = data as Record<string, unknown>;
      expect(JSON.stringify(rest)).not.toMatch(/Lovett|ada@|pager\.example/);
    }
  });

  test("after a vendor's rejection, routing pages the roster of the next line step", async () => {
    const [page, offer] = crossing;
    if (page === undefined || offer === undefined) throw new Error("two steps");
    const line = await world.publish("northtel", { line: "refused", crossing: [offer, page] });
    const one = await world.open(line, { timeline: wall, at: Date.now() });
    await one.breach("stall.busy");
    const path = `/v1/queues/quill.care/handoffs/${await one.offered()}`;
    const claim = await quill("POST", `${path}/claim`, { person: "eng-1" });
    await quill("POST", `${path}/reject`, { token: claim.body.token, person: "eng-1", code: "no-capacity" });
    expect((await one.types()).slice(-2)).toEqual(["handoff.rejected", "roster.paged"]);
  });
});
