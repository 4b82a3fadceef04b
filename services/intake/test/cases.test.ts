import { afterAll, beforeAll, expect, test } from "vitest";
import { type World, createWorld, opening, waitFor } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

const open = async (more: Record<string, unknown> = {}) => (await world.northtel.post("/v1/cases", opening(more))).body;

test("intake opens, publishes and reads a case", async () => {
  const opened = await world.northtel.post("/v1/cases", opening({ carrierCaseId: "NT-1", symptom: "dead-device" }));
  expect(opened.status).toBe(201);
  expect(opened.headers.get("location")).toBe(`/v1/cases/${opened.body.id}`);
  expect(opened.body).toMatchObject({
    timeline: "wall",
    kind: "fault",
    severity: "minor",
    status: "acknowledged",
    holder: "northtel",
    accountable: "northtel",
    line: { carrier: "builtin", name: "default", version: 1 },
    lineReason: "builtin: northtel has no default",
    version: 1,
    counts: { contacts: 1, entries: 0, liveHandlings: 0 },
  });
  const read = await world.northtel.get(opened.body.links.self);
  expect(read.status).toBe(200);
  expect(read.body).toMatchObject({ id: opened.body.id, carrierCaseId: "NT-1", symptom: "dead-device" });
  expect(Object.values(read.body.timesByHolder as Record<string, number>)).toEqual([
    Date.parse(read.body.at) - Date.parse(read.body.openedAt),
  ]);
  await waitFor(() => world.eventTypes(opened.body.id).length === 1);
  const [event] = world.events.filter(({ key }) => key === opened.body.id);
  expect(event).toMatchObject({
    type: "case.opened",
    sequence: 1,
    data: { carrierCaseId: "NT-1", carrier: "northtel" },
  });
});

test("intake refuses a carrier's own id that is already used on the timeline, and names the existing case", async () => {
  const { id } = await open({ carrierCaseId: "NT-once" });
  const again = await world.northtel.post("/v1/cases", opening({ carrierCaseId: "NT-once" }));
  expect(again).toMatchObject({ status: 409, body: { code: "already_exists", caseId: id } });
  const other = await world.lumen.post("/v1/cases", opening({ carrierCaseId: "NT-once" }));
  expect(other.status).toBe(201);
  const twenty = await Promise.all(
    Array.from({ length: 20 }, () => world.northtel.post("/v1/cases", opening({ carrierCaseId: "NT-race" }))),
  );
  expect(twenty.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(twenty.filter(({ status }) => status === 409)).toHaveLength(19);
});

test("a case gets the newest version of the line that the request names, or the carrier's default line", async () => {
  await world.line("northtel", "handheld", "cross", 1);
  await world.line("northtel", "handheld", "cross", 2);
  expect(await open({ line: "handheld" })).toMatchObject({
    line: { carrier: "northtel", name: "handheld", version: 2 },
    lineReason: "named by the request",
  });
  const lumen = await world.lumen.post("/v1/cases", opening({ line: "handheld" }));
  expect(lumen).toMatchObject({ status: 422, body: { code: "unknown_line", fields: [{ at: "/line" }] } });
  const data = { carrier: "lumen", name: "plain" };
  await world.line("lumen", "plain");
  await world.publish({
    topic: "crossline.line.v1",
    key: "lumen/default",
    sequence: 1,
    type: "line.defaulted",
    time: 0,
    timeline: "wall",
    data,
  });
  const byDefault = await world.lumen.post("/v1/cases", opening());
  expect(byDefault.body).toMatchObject({ line: { name: "plain" }, lineReason: "default of lumen" });
});

test("if the request names no line, a case gets the first line whose match condition is true, and shows the reason", async () => {
  const outages = 'case.kind == "outage"';
  await world.lineWith("b-outages", { match: outages, order: 50 });
  await world.lineWith("a-outages", { match: outages });
  await world.lineWith("c-network", {
    match: `${outages} && case.device.vendor == "quill"`,
    order: 10,
    mode: "observe",
  });
  expect(await open({ kind: "outage" })).toMatchObject({
    line: { name: "b-outages", version: 1 },
    lineReason: "matched b-outages@1",
  });
  const network = await open({ kind: "outage", device: { vendor: "quill" } });
  expect(network).toMatchObject({ line: { name: "c-network" } });
  // The line is an observing line, so intake refuses the crossing.
  const crossing = await world.northtel.post(`/v1/cases/${network.id}/crossings`, { asOf: network.version });
  expect(crossing).toMatchObject({ status: 409, body: { code: "illegal_transition" } });
  expect(await open({ kind: "outage", line: "a-outages" })).toMatchObject({ lineReason: "named by the request" });
  expect(await open({ kind: "fault" })).toMatchObject({ lineReason: "builtin: northtel has no default" });
});

test("an opening waits for a line that was published a moment ago", async () => {
  const patient = world.northtel.post("/v1/cases", opening({ line: "just-now" }));
  await waitFor(async () => (await world.database.query({ text: "select 1" })).length === 1);
  await world.line("northtel", "just-now");
  expect((await patient).status).toBe(201);
});

test("only a carrier opens cases, and no other company reads them", async () => {
  expect(await world.orchard.post("/v1/cases", opening())).toMatchObject({ status: 403 });
  const { id } = await open();
  for (const path of [
    `/v1/cases/${id}`,
    `/v1/cases/${id}/entries`,
    `/v1/cases/${id}/contacts`,
    "/v1/cases/cs_nothing",
  ]) {
    const foreign = await world.lumen.get(path);
    expect(foreign).toMatchObject({ status: 404, body: { code: "not_found" } });
  }
  expect(await world.lumen.post(`/v1/cases/${id}/close`)).toMatchObject({ status: 404 });
  expect(await world.orchard.get(`/v1/cases/${id}`)).toMatchObject({ status: 404 });
  expect(await world.operator.get(`/v1/cases/${id}`)).toMatchObject({ status: 404 });
  expect((await world.lumen.get("/v1/cases")).body.items.map((one: { id: string }) => one.id)).not.toContain(id);
});

test("cases that are opened between two requests do not shift the result pages", async () => {
  const carrier = await world.party("paged", "carrier");
  const ids: string[] = [];
  for (let index = 0; index < 25; index++) {
    ids.unshift((await carrier.post("/v1/cases", opening({ carrierCaseId: `P-${index}` }))).body.id);
  }
  const listedIds: string[] = [];
  for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
    const page = await carrier.get(`/v1/cases?limit=4${next === undefined ? "" : `&cursor=${next}`}`);
    expect(page.status).toBe(200);
    listedIds.push(...page.body.items.map((one: { id: string }) => one.id));
    await carrier.post("/v1/cases", opening());
    next = page.body.next;
  }
  expect(listedIds).toEqual(ids);
  const found = await carrier.get("/v1/cases?carrierCaseId=P-7");
  expect(found.body.items).toMatchObject([{ carrierCaseId: "P-7" }]);
  expect((await carrier.get("/v1/cases?status=closed")).body.items).toEqual([]);
});

test("intake stores, numbers and publishes the events of a case", async () => {
  const { id } = await open();
  const contact = await world.northtel.post(`/v1/cases/${id}/contacts`, {
    channel: "chat",
    subject: { name: "A. C." },
  });
  expect(contact).toMatchObject({ status: 201, body: { caseId: id, number: 2, version: 2 } });
  const entry = await world.northtel.post(`/v1/cases/${id}/entries`, {
    kind: "step-tried",
    person: "rep-17",
    step: {
      name: "reboot",
      parameters: { long: "yes" },
      outcome: "failed",
    },
  });
  expect(entry).toMatchObject({ status: 201, body: { number: 1, news: true, version: 3 } });
  const contacts = await world.northtel.get(`/v1/cases/${id}/contacts`);
  expect(contacts.body.items).toMatchObject([
    { number: 1, channel: "phone", content: "inquiry" },
    { number: 2, id: contact.body.id, channel: "chat", subject: { name: "A. C." } },
  ]);
  const entries = await world.northtel.get(`/v1/cases/${id}/entries`);
  expect(entries.body.items).toMatchObject([
    { number: 1, id: entry.body.id, author: { party: "northtel", person: "rep-17" }, step: { name: "reboot" } },
  ]);
  await waitFor(() => world.eventTypes(id).length === 3);
  expect(world.eventTypes(id)).toEqual(["case.opened", "case.contacted", "entry.added"]);
});

test("a company starts a handling, sends heartbeats and ends it, and gets 404 for another company's handling", async () => {
  const { id } = await open();
  const started = await world.northtel.post(`/v1/cases/${id}/handlings`, { channel: "phone", person: "rep-1" });
  expect(started.status).toBe(201);
  const path = `/v1/cases/${id}/handlings/${started.body.id}`;
  expect((await world.northtel.get(`/v1/cases/${id}`)).body.liveHandlings).toMatchObject([{ id: started.body.id }]);
  expect((await world.northtel.post(`${path}/heartbeat`)).status).toBe(200);
  const bodyless = await world.northtel.send("POST", `${path}/heartbeat`, {
    headers: { "idempotency-key": "no-body" },
  });
  expect(bodyless.status).toBe(200);
  expect((await world.northtel.post(`${path}/end`)).status).toBe(200);
  expect(await world.northtel.post(`${path}/heartbeat`)).toMatchObject({ status: 404 });
  expect((await world.northtel.get(`/v1/cases/${id}/handlings`)).body.items).toMatchObject([
    { id: started.body.id, party: "northtel", person: "rep-1", endedAt: expect.any(String) },
  ]);
});

test("the opening of a case by phone can start a handling", async () => {
  const opened = await open({ handling: {}, person: "rep-2" });
  expect(opened).toMatchObject({ version: 2, liveHandlings: [{ party: "northtel", channel: "phone" }] });
  expect((await world.northtel.get(`${opened.links.self}/handlings`)).body.items).toMatchObject([{ person: "rep-2" }]);
  await waitFor(() => world.eventTypes(opened.id).length === 2);
  expect(world.eventTypes(opened.id)).toEqual(["case.opened", "handling.started"]);
});

test("the response to a repeated entry has `news: false`", async () => {
  const { id } = await open();
  const add = async (entry: Record<string, unknown>) =>
    (await world.northtel.post(`/v1/cases/${id}/entries`, entry)).body.news;
  const hypothesis = { kind: "hypothesis", text: "Out of memory?" };
  const step = { kind: "step-tried", step: { name: "reboot", parameters: { a: "1", b: "2" }, outcome: "failed" } };
  expect(await add(hypothesis)).toBe(true);
  expect(await add({ ...hypothesis, text: "out of  memory?" })).toBe(false);
  expect(await add({ kind: "fact", fact: { name: "os-version", value: "4.2" } })).toBe(true);
  expect(await add({ kind: "fact", fact: { name: "os-version", value: "4.3" } })).toBe(true);
  expect(await add({ kind: "fact", fact: { name: "os-version", value: "4.2" } })).toBe(false);
  expect(await add(step)).toBe(true);
  const again = "the customer asks for it";
  expect(await add({ ...step, again, step: { ...step.step, parameters: { b: "2", a: "1" } } })).toBe(false);
  expect(await add({ ...step, again, step: { ...step.step, outcome: "worked" } })).toBe(true);
  expect(await add({ kind: "note", text: "still checking" })).toBe(true);
  expect(await add({ kind: "note", text: "still checking" })).toBe(true);
  const both = await Promise.all([
    add({ kind: "hypothesis", text: "at once" }),
    add({ kind: "hypothesis", text: "at once" }),
  ]);
  expect(new Set(both)).toEqual(new Set([false, true]));
});

test("intake changes the status only as the rules allow, and a refusal changes nothing", async () => {
  const { id } = await open();
  const post = (path: string, body: Record<string, unknown> = {}) =>
    world.northtel.post(`/v1/cases/${id}/${path}`, body);
  expect(await post("confirm")).toMatchObject({ status: 409, body: { code: "illegal_transition", status: 409 } });
  expect(await post("reopen", { code: "other", reason: "x" })).toMatchObject({ status: 409 });
  expect(await post("status", { status: "closed" })).toMatchObject({ status: 409 });
  expect(await post("status", { status: "pending" })).toMatchObject({
    status: 400,
    body: { fields: [{ at: "/note" }] },
  });
  const pending = await post("status", { status: "pending", note: "the invoice", waitingOn: "customer" });
  expect(pending).toMatchObject({ status: 200, body: { status: "pending", waiting: { on: "customer" }, version: 2 } });
  expect(await post("status", { status: "resolved", fixCode: "memory-full" })).toMatchObject({
    status: 200,
    body: { status: "resolved", fixCode: "memory-full" },
  });
  expect(await post("reopen", { code: "still-broken", reason: "still broken" })).toMatchObject({
    body: { status: "reopened" },
  });
  await post("status", { status: "resolved" });
  const closed = await post("confirm");
  expect(closed.body).toMatchObject({ status: "closed", endedAt: expect.any(String) });
  expect(await post("close")).toMatchObject({ status: 409 });
  await waitFor(() => world.eventTypes(id).includes("case.closed"));
  expect(world.eventTypes(id)).toEqual([
    "case.opened",
    "case.status-changed",
    "case.resolved",
    "case.reopened",
    "entry.added",
    "case.resolved",
    "case.confirmed",
    "case.closed",
  ]);
});

test("a carrier requests a crossing once, and only for the case version that the carrier has read", async () => {
  const { id, version } = await open();
  const cross = (asOf: number) => world.northtel.post(`/v1/cases/${id}/crossings`, { asOf, reason: "beyond me" });
  expect(await cross(version + 1)).toMatchObject({ status: 400 });
  await world.northtel.post(`/v1/cases/${id}/status`, { status: "held" });
  expect(await cross(version)).toMatchObject({ status: 409, body: { code: "stale_version", version: 2 } });
  expect(await cross(2)).toMatchObject({ status: 202, body: { outcome: "requested", version: 4 } });
  expect(await cross(2)).toMatchObject({ status: 202, body: { outcome: "already-requested", version: 4 } });
  await waitFor(() => world.eventTypes(id).length === 4);
  expect(world.eventTypes(id).filter((type) => type === "crossing.requested")).toHaveLength(1);
});

test("intake refuses entry 10,001 of a case", async () => {
  const { id } = await open();
  await world.database.query({
    text: `update case_record set state = jsonb_set(state::jsonb, '{entries}', '10000')::json where id = $1`,
    values: [id],
  });
  const refused = await world.northtel.post(`/v1/cases/${id}/entries`, { kind: "note", text: "one more" });
  expect(refused).toMatchObject({ status: 422, body: { code: "limit_reached" } });
  expect((await world.northtel.get(`/v1/cases/${id}/entries`)).body.items).toEqual([]);
});

test("one request can open a case with a live handling", async () => {
  const { status, body } = await world.northtel.post("/v1/cases", opening({ handling: {}, channel: "phone" }));
  expect(status).toBe(201);
  expect(body.liveHandlings).toMatchObject([{ party: "northtel", channel: "phone" }]);
  await waitFor(() => world.events.filter(({ key }) => key === body.id).length === 2);
  expect(world.events.filter(({ key }) => key === body.id).map(({ type }) => type)).toEqual([
    "case.opened",
    "handling.started",
  ]);
});
