import { formatInstant, parseInstant } from "@crossline/contracts";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readCanaryKey } from "../src/commands/set-canaries.ts";
import { type World, createWorld, internalKey, opening, waitFor } from "./world.ts";

/* The cases of canaries, which lists and counts leave out, and the API key of a canary, which can do nothing but a run. */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const patient = { timeoutMs: 30_000, pollMs: 50 };
const due = parseInstant("2030-01-01T00:00:00Z");
const clocks = [{ kind: "first-response" as const, target: "PT4H", warnAt: [] }];

let world: World;
let key: ReturnType<World["client"]>;
let canaryId: string;
let keyId: string;
beforeAll(async () => {
  world = await createWorld();
  world.standIns.timer.clocks = [{ kind: "first-response", state: "running" }];
  const triggers = [{ on: "alike" as const, count: 3, within: "PT1H" }];
  await world.lineWith("sales", { clocks, triggers, requires: ["os-version"], problems: { missing: 2 } });
  const body = JSON.stringify({ canaries: [{ line: "sales", channel: "web", every: "P1D", within: "PT10S" }] });
  const headers = { "content-type": "application/json" };
  const put = () => world.northtel.send("PUT", "/v1/canaries", { body, headers });
  await waitFor(async () => (await put()).status === 200, patient);
  await waitFor(async () => (await world.northtel.get("/v1/canaries")).body.items[0].last, patient);
  const [row] = await world.database.query<{ id: string; sealedKey: string; keyId: string }>({
    text: `select id, sealed_key as "sealedKey", key_id as "keyId" from canary`,
  });
  canaryId = row?.id ?? "";
  keyId = row?.keyId ?? "";
  key = world.client(readCanaryKey({ sealedKey: row?.sealedKey ?? "" }, internalKey) ?? "");
});
afterAll(() => world.stop());

let nth = 0;
const probe = (more: object = {}) => ({
  carrierCaseId: `cnr-test-${++nth}`,
  kind: "inquiry",
  channel: "web",
  title: "Canary",
  line: "sales",
  subject: { email: `cnr-test-${nth}@canary.invalid` },
  automated: true,
  ...more,
});
/** Opens a case as a run does. The run of the canary counts as in progress, so that the worker leaves the case open. */
async function openCanary(): Promise<string> {
  await world.database.query({ text: "update canary set running = true, step_at = now() + interval '12 hours'" });
  const { status, body } = await key.post("/v1/contacts", probe());
  expect(status).toBe(201);
  return body.case.id;
}
const ids = async (query: string) =>
  (await world.northtel.get(`/v1/cases?${query}`)).body.items.map(({ id }: { id: string }) => id);
async function gauge(name: string): Promise<string[]> {
  const { body } = await world.client(internalKey).get("/metrics");
  return (body as string).split("\n").filter((row) => row.startsWith(name));
}

test("a carrier sees, rotates and deletes no key of its canaries, and such a key manages no keys", async () => {
  const keys = "/v1/parties/northtel/keys";
  const { body } = await world.northtel.get(keys);
  expect(body.keys.map((one: { keyId: string }) => one.keyId)).not.toContain(keyId);
  expect((await world.northtel.post(`${keys}/${keyId}/rotate`)).status).toBe(404);
  expect((await world.northtel.send("DELETE", `${keys}/${keyId}`)).status).toBe(404);
  expect((await key.get(keys)).status).toBe(401);
  expect((await key.post(keys)).status).toBe(401);
});

describe("the cases of canaries", () => {
  test("lists leave them out, unless the request asks for them", async () => {
    const canary = await openCanary();
    const customer = (await world.northtel.post("/v1/contacts", opening({ line: "sales", kind: "inquiry" }))).body.case
      .id;
    expect(await ids("")).toContain(customer);
    expect(await ids("")).not.toContain(canary);
    expect(await ids("status=acknowledged")).not.toContain(canary);
    expect(await ids("canary=any")).toEqual(expect.arrayContaining([customer, canary]));
    expect(await ids("canary=true")).toContain(canary);
    expect(await ids("canary=true")).not.toContain(customer);
    world.standIns.timer.dues = [canary, customer].map((caseId) => ({
      caseId,
      at: due,
      nextDue: { clock: "idle", kind: "stall.idle", dueAt: formatInstant(due), charged: "northtel" },
    }));
    expect(await ids("sort=due")).toEqual([customer]);
    expect(await ids("sort=due&canary=true")).toEqual([canary]);
    world.standIns.timer.dues = [];
  });

  test("the gauge of open cases counts only the cases of customers", async () => {
    const before = await gauge("crossline_intake_open_cases");
    await openCanary();
    expect(await gauge("crossline_intake_open_cases")).toEqual(before);
    await world.northtel.post("/v1/cases", opening());
    expect(await gauge("crossline_intake_open_cases")).not.toEqual(before);
  });

  test("the report of promises leaves them out", async () => {
    const report = async () => (await world.northtel.get("/v1/reports/promises")).body;
    const before = await report();
    const promise = { text: "a call", until: "2030-01-01T00:00:00Z" };
    expect((await world.northtel.post(`/v1/cases/${await openCanary()}/promises`, promise)).status).toBe(201);
    expect(await report()).toEqual(before);
    const { id } = (await world.northtel.post("/v1/cases", opening())).body;
    await world.northtel.post(`/v1/cases/${id}/promises`, promise);
    expect(await report()).not.toEqual(before);
  });

  test("they count neither as similar cases nor for a problem", async () => {
    const opened = (id: string) =>
      world.events.find((one) => one.key === id && one.type === "case.opened")?.data as any;
    const canaries = [await openCanary(), await openCanary(), await openCanary()];
    const customer = async () => {
      const contact = opening({ line: "sales", kind: "inquiry", channel: "web" });
      const { id } = (await world.northtel.post("/v1/contacts", contact)).body.case;
      await waitFor(() => opened(id), patient);
      return id as string;
    };
    const [first, second] = [await customer(), await customer()];
    for (const id of canaries) expect(opened(id)).not.toHaveProperty("alike");
    expect(opened(second).alike.length).toBe(opened(first).alike.length + 1);
    expect(opened(first).alike.length).toBeLessThan(canaries.length);
    const missing = await world.database.query({
      text: "select from missing_item join case_record on case_record.id = missing_item.case_id where canary_id is not null",
    });
    expect(missing).toEqual([]);
    await waitFor(() => world.eventTypes(second).length === 2, patient);
    for (const id of [...canaries, first]) expect(world.eventTypes(id)).toEqual(["case.opened"]);
    expect(world.eventTypes(second)).toEqual(["case.opened", "problem.opened"]);
  });
});

describe("the API key of a canary", () => {
  test("is in no list of keys", async () => {
    const { body: own } = await world.northtel.get("/v1/parties/northtel");
    const { body: parties } = await world.operator.get("/v1/parties");
    expect(JSON.stringify([own, parties])).not.toContain(keyId);
    expect(own.keys).toHaveLength(1);
  });

  test("marks every case that it opens, and no other key marks a case", async () => {
    const id = await openCanary();
    expect((await key.get(`/v1/cases/${id}`)).body.canary).toEqual({ canaryId, door: "rest" });
    const { body } = await world.northtel.post("/v1/contacts", probe());
    expect(body.case).not.toHaveProperty("canary");
    expect(await world.northtel.post("/v1/contacts", probe({ canary: canaryId }))).toMatchObject({ status: 400 });
  });

  test.for([
    ["GET", "/v1/cases"],
    ["POST", "/v1/cases"],
    ["GET", "/v1/canaries"],
    ["PUT", "/v1/canaries"],
    ["GET", "/v1/parties/northtel"],
    ["PUT", "/v1/parties/northtel/country"],
    ["GET", "/v1/reports/promises"],
    ["GET", "/v1/subscriptions"],
    ["POST", "/v1/lines"],
    ["GET", "/v1/queues"],
    ["POST", "/v1/timelines"],
    ["GET", "/v1/deliveries"],
  ] as const)("does not allow %s %s", async ([method, path]) => {
    const bodies: Record<string, object> = {
      "/v1/cases": opening(),
      "/v1/canaries": { canaries: [] },
      "/v1/parties/northtel/country": { country: "CA" },
      "/v1/timelines": { kind: "stepped", from: "2026-03-07T14:00:00Z" },
    };
    const headers = { "content-type": "application/json", "idempotency-key": `of-${path}` };
    const body = method === "GET" ? {} : { body: JSON.stringify(bodies[path] ?? {}), headers };
    const before = world.standIns.routing.passedRequests.length;
    expect(await key.send(method, path, body)).toMatchObject({ status: 401, body: { code: "unauthenticated" } });
    expect(world.standIns.routing.passedRequests).toHaveLength(before);
  });

  test("neither reads nor changes a case of a customer", async () => {
    const { id } = (await world.northtel.post("/v1/cases", opening())).body;
    expect(await key.get(`/v1/cases/${id}`)).toMatchObject({ status: 401 });
    expect(await key.get(`/v1/cases/${id}/clocks`)).toMatchObject({ status: 401 });
    expect(await key.post(`/v1/cases/${id}/close`)).toMatchObject({ status: 401 });
    expect((await world.northtel.get(`/v1/cases/${id}`)).body.status).toBe("acknowledged");
  });

  test("changes its own case only by closing it", async () => {
    const id = await openCanary();
    expect(await key.post(`/v1/cases/${id}/entries`, { kind: "note", text: "x", by: "agent" })).toMatchObject({
      status: 401,
    });
    expect(await key.get(`/v1/cases/${id}/contacts`)).toMatchObject({ status: 401 });
    expect(await key.post(`/v1/cases/${id}/close`, { automated: true })).toMatchObject({ status: 200 });
  });

  test.for([
    ["names a customer", { subject: { email: "ann@customer.example" } }],
    ["names a device", { subject: { email: "a@canary.invalid", imei: "490154203237518" } }],
    ["names no identity", { subject: undefined }],
    ["names another line", { line: "other" }],
    ["is no inquiry", { kind: "fault" }],
    ["is outbound", { direction: "outbound", content: "answer" }],
  ] as const)("does not allow a contact that %s", async ([, more]) => {
    expect(await key.post("/v1/contacts", probe(more))).toMatchObject({ status: 403, body: { code: "forbidden" } });
  });
});
