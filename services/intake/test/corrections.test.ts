import { verifyExportFile } from "@crossline/domain";
import { formatInstant } from "@crossline/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imei } from "./imei.ts";
import { routingOf } from "./routing.ts";
import { type World, createWorld, opening, waitFor } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

type Body = Record<string, unknown>;
const open = async (more: Body = {}) => (await world.northtel.post("/v1/cases", opening(more))).body.id as string;
const correct = (id: string, body: Body, client = world.northtel) =>
  client.post(`/v1/cases/${id}/corrections`, { reason: "it was mistyped", ...body });
const contact = async (subject: Body) => (await world.northtel.post("/v1/contacts", opening({ subject }))).body;
const read = async (id: string) => (await world.northtel.get(`/v1/cases/${id}`)).body;
const hours = (count: number) => formatInstant(Date.now() + count * 3_600_000);

test("a correction replaces data, publishes the new and the former data, and does not change the line", async () => {
  const id = await open({ device: { vendor: "orchard", model: "Handheld 8700", os: "4" }, symptom: "dead-device" });
  const before = await read(id);
  const device = { vendor: "orchard", model: "Handheld 9900" };
  const corrected = await correct(id, { title: "Screen is black", device, symptom: "no-display", person: "rep-1" });
  expect(corrected).toMatchObject({
    status: 200,
    body: { id, title: "Screen is black", device, symptom: "no-display", version: 3 },
  });
  expect(corrected.body.device).not.toHaveProperty("os");
  const { line, lineReason } = await read(id);
  expect({ line, lineReason }).toEqual({ line: before.line, lineReason: before.lineReason });
  await waitFor(() => world.eventTypes(id).length === 3);
  expect(world.eventTypes(id)).toEqual(["case.opened", "case.corrected", "entry.added"]);
  expect(world.events.find(({ key, type }) => key === id && type === "case.corrected")?.data).toMatchObject({
    actor: { party: "northtel", person: "rep-1" },
    reason: "it was mistyped",
    title: "Screen is black",
    from: { title: "Handheld is dead", symptom: "dead-device", device: { os: "4" } },
  });
});

test("after a correction, contacts about the new device or the customer join the case, and contacts about the former device do not", async () => {
  const [wrong, right, customerId] = [imei(), imei(), imei()];
  const id = await open({ subject: { imei: wrong, customerId, name: "A. Customer" } });
  expect(await contact({ imei: wrong })).toMatchObject({ joined: true, case: { id } });
  const { body } = await correct(id, { subject: { imei: right } });
  expect(body.subject).toEqual({ imei: right, customerId, name: "A. Customer" });
  expect(await contact({ imei: right })).toMatchObject({ joined: true, case: { id } });
  expect(await contact({ customerId })).toMatchObject({ joined: true, case: { id } });
  expect(await contact({ imei: wrong })).toMatchObject({ joined: false });
  const rows = await world.database.query({
    text: "select of_device from case_identity where case_id = $1 order by 1",
    values: [id],
  });
  expect(rows).toEqual([{ of_device: false }, { of_device: true }]);
});

test("after a correction, the ledger uses the tried steps of the new device, and no longer those of the former device", async () => {
  const [wrong, right] = [imei(), imei()];
  const step = (name: string) => ({ kind: "step-tried", step: { name, outcome: "failed" } });
  const add = (id: string, name: string) => world.northtel.post(`/v1/cases/${id}/entries`, step(name));
  const [ofWrong, ofRight] = [await open({ subject: { imei: wrong } }), await open({ subject: { imei: right } })];
  await add(ofWrong, "reboot");
  await add(ofRight, "reinstall");
  const id = await open({ subject: { imei: wrong } });
  expect(await add(id, "reboot")).toMatchObject({ status: 409, body: { code: "step_already_tried" } });
  await correct(id, { subject: { imei: right } });
  expect(await add(id, "reinstall")).toMatchObject({
    status: 409,
    body: { code: "step_already_tried", tried: { caseId: ofRight } },
  });
  expect(await add(id, "reboot")).toMatchObject({ status: 201 });
});

test("a correction adds an entry that both companies can read, without the identities, and the chain verifies", async () => {
  const [wrong, right] = [imei(), imei()];
  const id = await open({ symptom: "dead-device", subject: { imei: wrong } });
  await routingOf(world, id).offer();
  await correct(id, {
    symptom: "no-display",
    subject: { imei: right },
    needBy: "2030-01-01T00:00:00Z",
    person: "rep-1",
  });
  const { items } = (await world.orchard.get(`/v1/cases/${id}/entries`)).body;
  expect(items).toMatchObject([
    {
      number: 1,
      kind: "decision",
      audience: "partners",
      author: { party: "northtel", person: "rep-1" },
      news: false,
      text: 'Corrected: symptom from "dead-device" to "no-display"; needBy from none to "2030-01-01T00:00:00Z"; the identities of the device. it was mistyped',
    },
  ]);
  const { body } = await world.northtel.get(`/v1/cases/${id}/dossier`);
  expect(verifyExportFile(JSON.stringify(body))).toEqual([]);
  expect(JSON.stringify(body.shared.entries)).not.toContain(right);
  expect((await read(id)).dossier).toEqual({ entries: 1, head: items[0].hash });
});

test("the plan in the case's line gives the feasibility of a corrected need-by", async () => {
  await world.lineWith("keys", {
    clocks: [{ kind: "need-by", warnAt: [] }],
    needBy: { cure: "PT10H", hours: "24x7", margin: "PT0S" },
  });
  const id = await open({ line: "keys", needBy: hours(30) });
  expect(await read(id)).toMatchObject({ feasibility: { verdict: "green" } });
  const earlier = await correct(id, { needBy: hours(9) });
  expect(earlier.body).toMatchObject({ feasibility: { verdict: "red" } });
  const planned = earlier.body.feasibility;
  // A correction of another field does not change the feasibility.
  expect((await correct(id, { title: "Keys" })).body.feasibility).toEqual(planned);
  expect((await correct(id, { needBy: hours(10.5) })).body).toMatchObject({ feasibility: { verdict: "amber" } });
  const none = (await correct(id, { needBy: null })).body;
  expect(none).not.toHaveProperty("needBy");
  expect(none).not.toHaveProperty("feasibility");
  expect((await correct(id, { needBy: hours(48) })).body).toMatchObject({ feasibility: { verdict: "green" } });
  // If the line has no plan, a corrected need-by gets no feasibility.
  const plain = await open({ needBy: hours(30) });
  expect((await correct(plain, { needBy: hours(9) })).body).not.toHaveProperty("feasibility");
});

test("a correction to the same data changes nothing, and a repeated request gets its first response", async () => {
  const subject = { imei: imei() };
  const id = await open({ subject, symptom: "dead-device", needBy: "2030-01-01T00:00:00Z" });
  const same = { title: "Handheld is dead", symptom: "dead-device", needBy: "2030-01-01T00:00:00Z", subject };
  expect(await correct(id, same)).toMatchObject({ status: 200, body: { version: 1 } });
  const headers = { "idempotency-key": "corrected-once" };
  const body = { reason: "mistyped", symptom: "no-display" };
  const first = await world.northtel.post(`/v1/cases/${id}/corrections`, body, headers);
  expect((await world.northtel.post(`/v1/cases/${id}/corrections`, body, headers)).body).toEqual(first.body);
  expect(await correct(id, body)).toMatchObject({ body: { version: first.body.version } });
  await waitFor(() => world.eventTypes(id).length === 3);
  expect(world.eventTypes(id)).toEqual(["case.opened", "case.corrected", "entry.added"]);
});

test("only a case's carrier can correct the case, and only while the case is open", async () => {
  const id = await open();
  expect(await correct(id, { title: "x" }, world.orchard)).toMatchObject({ status: 404 });
  await routingOf(world, id).offer();
  expect(await correct(id, { title: "x" }, world.orchard)).toMatchObject({ status: 403, body: { code: "forbidden" } });
  expect(await correct(id, { title: "x" }, world.lumen)).toMatchObject({ status: 404, body: { code: "not_found" } });
  await world.northtel.post(`/v1/cases/${id}/close`);
  expect(await correct(id, { title: "x" })).toMatchObject({ status: 409, body: { code: "illegal_transition" } });
  expect(await read(id)).toMatchObject({ title: "Handheld is dead" });
});

test.each([
  ["without anything to correct", {}, ""],
  ["without a reason", { reason: undefined, title: "x" }, "/reason"],
  ["of another severity", { severity: "major" }, "/severity"],
  ["of the customer", { subject: { customerId: "c-1" } }, "/subject/customerId"],
  ["to an impossible identity", { subject: { imei: "490154203237519" } }, "/subject/imei"],
  ["to an impossible date", { needBy: "2026-02-30T09:00:00Z" }, "/needBy"],
])("intake refuses a correction %s and names the place of the fault", async (_, body, at) => {
  const id = await open();
  expect(await correct(id, body)).toMatchObject({
    status: 400,
    body: { code: "invalid_request", fields: [{ at }] },
  });
});
