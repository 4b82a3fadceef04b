import { type Message, formatInstant, newId, topics, wall } from "@crossline/contracts";
import { now } from "@crossline/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { imei } from "./imei.ts";
import { type World, createWorld, opening } from "./world.ts";

/* Tests that every route shows a former vendor the case as of the end of the vendor's part. */

let world: World;
let quill: World["orchard"];
beforeAll(async () => {
  world = await createWorld();
  quill = await world.party("quill", "vendor");
});
afterAll(() => world.stop());

type Body = Record<string, unknown>;
const actor = { party: "orchard", automated: false };
const offered = { step: 0, attempt: 0, mode: "ticket", reason: "clock" };
const accepted = {
  vendorCaseId: "OR-1",
  nextStep: "look",
  eta: "2030-01-01T00:00:00Z",
  dossierVersion: 1,
  readBack: { problem: "dead", tried: "nothing" },
  subject: { engineer: { name: "Ada", contact: "ada@orchard.example" } },
};
const evidence = { test: "swap", result: "the same", wouldChangeOurMind: "a log" };
const phone = "+14165550199";

/** Opens a case and returns functions that publish routing's events about the case. */
async function open(more: Body = {}) {
  const { id } = (await world.northtel.post("/v1/cases", opening({ channel: "mail", ...more }))).body as { id: string };
  let sequence = 0;
  const fact = (type: string, data: Body = {}, time = Date.now()): Message => {
    const one = { handoffId: newId("ho"), vendor: "orchard", queue: "orchard.handheld", actor };
    return {
      topic: topics.handoff,
      key: id,
      sequence: ++sequence,
      type,
      time,
      timeline: wall,
      data: { ...one, ...data },
    };
  };
  const publish = (type: string, data: Body = {}) => world.publish(fact(type, data));
  const post = (path: string, body: Body = {}, client = world.northtel) => client.post(`/v1/cases/${id}/${path}`, body);
  return { id, fact, publish, post };
}

/** Returns all of intake's responses about a case as one text. */
async function readAll(id: string, client = world.orchard): Promise<string> {
  const paths = [
    "",
    "/contacts?limit=100",
    "/entries?limit=100",
    "/handlings?limit=100",
    "/messages?limit=100",
    "/dossier",
  ];
  const responses = await Promise.all(paths.map((path) => client.get(`/v1/cases/${id}${path}`)));
  const listed = await client.get("/v1/cases?limit=100");
  const items = (listed.body.items as { id: string }[]).filter((one) => one.id === id);
  const promises = await client.get("/v1/reports/promises");
  return JSON.stringify([responses.map(({ status, body }) => [status, body]), items, promises.body], null, 1);
}

/** Adds personal data to a case in every way that a carrier can. The tests call this function after the vendor's part has ended. */
async function writeLater({ id, post }: Awaited<ReturnType<typeof open>>): Promise<void> {
  await post("contacts", { channel: "mail", subject: { phone } });
  await post("entries", { kind: "note", audience: "partners", text: `call ${phone}`, subject: { phone } });
  await post("handlings", { channel: "phone", person: "rep-7" });
  await post("messages", { text: `We call you at ${phone}.`, via: "mail", to: "avery@customer.example" });
  await post("corrections", { title: `Dead again ${phone}`, reason: "the customer called" });
  await post("severity", { severity: "critical", reason: phone });
  await post("promises", { text: `call ${phone}`, until: formatInstant((await now(world.database)) + 3_600_000) });
  await post("status", { status: "pending", note: phone, waitingOn: "customer" });
  expect(await readAll(id, world.northtel)).toContain(phone);
}

describe.each<[name: string, end: (one: Awaited<ReturnType<typeof open>>) => Promise<unknown>]>([
  ["a lapsed offer", ({ publish }) => publish("handoff.lapsed")],
  ["a rejected offer", ({ publish }) => publish("handoff.rejected", { code: "not-our-fault" })],
  ["a withdrawn offer", ({ publish }) => publish("handoff.withdrawn", { reason: "overtaken" })],
  [
    "a return",
    async ({ publish }) => {
      await publish("handoff.accepted", accepted);
      await publish("handoff.returned", { code: "cannot-reproduce", evidence, returns: 1 });
    },
  ],
  [
    "a transfer that another vendor accepted",
    async ({ publish }) => {
      await publish("handoff.accepted", accepted);
      await publish("handoff.transferred", { code: "wrong-vendor", to: "quill.network" });
      await publish("handoff.offered", { ...offered, vendor: "quill", queue: "quill.network" });
      await publish("handoff.accepted", {
        ...accepted,
        vendor: "quill",
        queue: "quill.network",
        actor: { ...actor, party: "quill" },
      });
    },
  ],
])("after %s", (_, end) => {
  test("the former vendor reads nothing that was added after the end of its part", async () => {
    const one = await open({ subject: { imei: imei() } });
    await one.publish("handoff.offered", offered);
    await one.post("handlings", { channel: "phone", person: "rep-1" });
    expect((await world.orchard.get(`/v1/cases/${one.id}`)).body.counts.liveHandlings).toBe(1);
    await end(one);
    const before = await readAll(one.id);
    await writeLater(one);
    expect(await readAll(one.id)).toBe(before);
    expect(before).not.toContain(phone);
  });
});

test.each(["closed", "cancelled"])(
  "after the case is %s, its vendor reads the end and nothing later",
  async (status) => {
    const one = await open();
    await one.publish("handoff.offered", offered);
    await one.publish("handoff.accepted", accepted);
    if (status === "closed") await one.post("close");
    else await one.post("status", { status, note: "bought a new one" });
    expect((await world.orchard.get(`/v1/cases/${one.id}`)).body).toMatchObject({ status });
    const before = await readAll(one.id);
    await one.post("contacts", { channel: "mail", subject: { phone } });
    if (status === "closed") await one.post("reopen", { code: "still-broken", reason: `still broken, call ${phone}` });
    await one.post("entries", { kind: "note", audience: "partners", text: phone });
    expect(await readAll(one.id)).toBe(before);
  },
);

test("in a joint case, the vendor keeps its part until the case is closed", async () => {
  const one = await open();
  await one.publish("handoff.offered", offered);
  await one.publish("handoff.accepted", accepted);
  await one.publish("handoff.returned", { code: "cannot-reproduce", evidence, returns: 1 });
  await one.publish("joint.declared", {
    accountable: "northtel",
    parties: ["northtel", "orchard"],
    pair: "orchard",
    returns: 2,
  });
  await one.post("entries", { kind: "note", audience: "partners", text: "both look" });
  expect(await readAll(one.id)).toContain("both look");
  await one.post("status", { status: "resolved", fixCode: "x", rootCause: "y" });
  await one.post("close");
  const before = await readAll(one.id);
  await one.post("contacts", { channel: "mail", subject: { phone } });
  expect(await readAll(one.id)).toBe(before);
});

test("after a new offer, the vendor reads the whole case again", async () => {
  const one = await open();
  await one.publish("handoff.offered", offered);
  await one.publish("handoff.lapsed");
  await writeLater(one);
  expect(await readAll(one.id)).not.toContain(phone);
  await one.publish("handoff.offered", offered);
  const again = await readAll(one.id);
  expect(again.split(phone).length).toBeGreaterThan(5);
  expect((await world.orchard.get(`/v1/cases/${one.id}`)).body).toMatchObject({
    status: "pending",
    severity: "critical",
  });
});

test("the filter of a list uses only values that the reader of the list can read", async () => {
  const one = await open();
  await one.publish("handoff.offered", offered);
  await one.publish("handoff.lapsed");
  await world.line("northtel", "later");
  await one.post("move", { line: "later", reason: "another line" });
  await one.post("close");
  const find = async (query: string, client = world.orchard) =>
    (await client.get(`/v1/cases?limit=100&${query}`)).body.items.some(({ id }: { id: string }) => id === one.id);
  expect([await find("status=closed"), await find("line=later")]).toEqual([false, false]);
  expect([await find("status=acknowledged"), await find("line=later", world.northtel)]).toEqual([true, true]);
});

test("a former vendor's commands are refused, and its contact waits", async () => {
  const device = { imei: imei() };
  const one = await open({ subject: device });
  await one.publish("handoff.offered", offered);
  await one.publish("handoff.accepted", accepted);
  await one.publish("handoff.returned", { code: "cannot-reproduce", evidence, returns: 1 });
  await one.post("status", { status: "pending", note: "the box", waitingOn: "customer" });
  const commands = [
    ["entries", { kind: "note", text: "and another thing" }],
    ["contacts", { channel: "mail" }],
    ["handlings", { channel: "phone" }],
    ["severity", { severity: "critical" }],
    ["status", { status: "inProgress" }],
    ["promises", { text: "soon", until: "2030-01-01T00:00:00Z" }],
  ] as const;
  const responses = await Promise.all(commands.map(([path, body]) => one.post(path, body, world.orchard)));
  expect(responses.map(({ body }) => body.code)).toEqual(commands.map(() => "forbidden"));
  expect(await one.post("entries", { kind: "note", text: "hello" }, quill)).toMatchObject({ status: 404 });
  const contact = await world.orchard.post("/v1/contacts", opening({ channel: "mail", subject: device }));
  expect(contact).toMatchObject({ status: 200, body: { joined: false, waiting: true } });
});

test("a former vendor can read and deliver its open promise, and can do nothing else", async () => {
  const one = await open();
  await one.publish("handoff.offered", offered);
  const until = formatInstant((await now(world.database)) + 3_600_000);
  const promise = (await one.post("promises", { text: "a new board", until }, world.orchard)).body as { id: string };
  const otherPromise = (await one.post("promises", { text: "a call", until }, world.orchard)).body as { id: string };
  const carriers = (await one.post("promises", { text: "a bus", until })).body as { id: string };
  await one.publish("handoff.lapsed");
  const before = (await world.orchard.get(`/v1/cases/${one.id}`)).body;
  await writeLater(one);
  const foreign = await one.post(`promises/${carriers.id}/withdrawn`, { reason: "no" }, world.orchard);
  expect(foreign).toMatchObject({ status: 403 });
  const delivered = await one.post(`promises/${promise.id}/delivered`, { evidence: "sent" }, world.orchard);
  expect(delivered).toMatchObject({ status: 200, body: { version: before.version, status: before.status } });
  const withdrawn = await one.post(`promises/${otherPromise.id}/withdrawn`, { reason: "no parts" }, world.orchard);
  expect(withdrawn).toMatchObject({ status: 200, body: { version: before.version } });
  const after = (await world.orchard.get(`/v1/cases/${one.id}`)).body;
  expect(after.promises.map(({ id, state }: { id: string; state: string }) => [id, state])).toEqual([
    [carriers.id, "open"],
    [promise.id, "kept"],
    [otherPromise.id, "withdrawn"],
  ]);
  expect({ ...after, promises: [] }).toEqual({ ...before, promises: [] });
  expect(await one.post(`promises/${promise.id}/delivered`, { evidence: "again" }, world.orchard)).toMatchObject({
    status: 403,
  });
});

test("⚠ if intake applies a lapse late, the vendor reads nothing that was added after the lapse", async () => {
  const one = await open();
  await one.publish("handoff.offered", offered);
  await one.post("entries", { kind: "note", audience: "partners", text: "the battery is new" });
  await one.post("handlings", { channel: "phone", person: "rep-1" });
  const live = (await world.orchard.get(`/v1/cases/${one.id}/handlings`)).body.items;
  const before = (await world.orchard.get(`/v1/cases/${one.id}`)).body;
  const lapsed = one.fact("handoff.lapsed", {}, (await now(world.database)) + 1);
  await new Promise((resolve) => setTimeout(resolve, 5)); // The entries after the lapse must have a later time than the lapse.
  await one.post(`handlings/${live[0].id}/end`);
  await one.post("contacts", { channel: "mail", subject: { phone } });
  await one.post("entries", { kind: "note", audience: "partners", text: phone });
  await one.post("handlings", { channel: "phone", person: "rep-2" });
  await one.post("corrections", { title: `Dead again ${phone}`, reason: "the customer called" });
  await one.post("status", { status: "pending", note: phone, waitingOn: "customer" });
  await world.publish(lapsed);
  const all = await readAll(one.id);
  expect(all).not.toContain(phone);
  expect(all).toContain("the battery is new");
  const { version: _, handoff: __, at: ___, timesByHolder: ____, durationsByHolder: _____, ...was } = before;
  expect((await world.orchard.get(`/v1/cases/${one.id}`)).body).toMatchObject({
    ...was,
    at: formatInstant(lapsed.time),
  });
  expect((await world.orchard.get(`/v1/cases/${one.id}/handlings`)).body.items).toEqual(live);
});

test("the carrier and the operator read the current case", async () => {
  const one = await open();
  await one.publish("handoff.offered", offered);
  await one.publish("handoff.lapsed");
  await writeLater(one);
  expect((await world.northtel.get(`/v1/cases/${one.id}`)).body).toMatchObject({ status: "pending" });
});
