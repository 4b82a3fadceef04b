import { formatInstant } from "@crossline/contracts";
import { now } from "@crossline/postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type World, createWorld, opening, waitFor } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

async function open(): Promise<{ id: string; post: (path: string, body?: object) => ReturnType<typeof post> }> {
  const { id } = (await world.northtel.post("/v1/cases", opening())).body;
  const post = (path: string, body: object = {}) => world.northtel.post(`/v1/cases/${id}/${path}`, body);
  return { id, post };
}
const inHours = async (hours: number): Promise<string> =>
  formatInstant((await now(world.database)) + hours * 3_600_000);

test("a company makes a promise, the companies of the case read it, and the company keeps it with evidence", async () => {
  const { id, post } = await open();
  const created = await post("promises", { text: "We call you", until: await inHours(2), person: "rep-1" });
  expect(created).toMatchObject({ status: 201, body: { caseId: id, version: 2 } });
  const path = `promises/${created.body.id}`;
  expect((await world.northtel.get(`/v1/cases/${id}`)).body.promises).toMatchObject([
    { id: created.body.id, promisor: "northtel", text: "We call you", state: "open" },
  ]);
  expect(await post(`${path}/delivered`, {})).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  expect(await post(`${path}/delivered`, { evidence: "called at ten" })).toMatchObject({ status: 200 });
  expect(await post(`${path}/withdrawn`, { reason: "no" })).toMatchObject({ status: 409 });
  expect((await world.northtel.get(`/v1/cases/${id}`)).body.promises).toMatchObject([{ state: "kept" }]);
  await waitFor(() => world.eventTypes(id).length === 3);
  expect(world.eventTypes(id)).toEqual(["case.opened", "promise.made", "promise.delivered"]);
});

test("a promise and its event show whether the delivery of the promise is the fix", async () => {
  const { id, post } = await open();
  const created = await post("promises", { text: "New keys by ten", until: await inHours(2), for: "need-by" });
  expect((await world.northtel.get(`/v1/cases/${id}`)).body.promises).toMatchObject([{ for: "need-by" }]);
  await post(`promises/${created.body.id}/delivered`, { evidence: "sent" });
  await waitFor(() => world.eventTypes(id).length === 3);
  const published = world.events.filter(({ key }) => key === id).map(({ data }) => data as object);
  expect(published.slice(1)).toMatchObject([{ for: "need-by" }, { for: "need-by", kept: true }]);
  const other = await post("promises", { text: "We call you", until: await inHours(2), for: "reply" });
  expect(other).toMatchObject({ status: 400, body: { fields: [{ at: "/for" }] } });
});

test("a repeated promise changes nothing, and a refusal of an invalid promise names the field", async () => {
  const { id, post } = await open();
  const body = { text: "We call you", until: await inHours(2) };
  const headers = { "idempotency-key": "promise-once" };
  const [one, two] = [
    await world.northtel.post(`/v1/cases/${id}/promises`, body, headers),
    await world.northtel.post(`/v1/cases/${id}/promises`, body, headers),
  ];
  expect(two?.body).toEqual(one?.body);
  expect((await world.northtel.get(`/v1/cases/${id}`)).body.promises).toHaveLength(1);
  const late = await post("promises", { ...body, until: await inHours(-1) });
  expect(late).toMatchObject({ status: 400, body: { fields: [{ at: "/until" }] } });
  expect(await post("promises", { ...body, promisor: "orchard" })).toMatchObject({ status: 403 });
  expect(await post("promises/pr_none/withdrawn", { reason: "x" })).toMatchObject({ status: 404 });
});

test("a company outside the case can make no promise and gets 404, as for an unknown case", async () => {
  const { id } = await open();
  const body = { text: "We call you", until: await inHours(2) };
  for (const other of [world.lumen, world.orchard]) {
    expect(await other.post(`/v1/cases/${id}/promises`, body)).toMatchObject({ status: 404 });
    expect(await other.post(`/v1/cases/${id}/severity`, { severity: "major" })).toMatchObject({ status: 404 });
  }
  expect(world.eventTypes(id)).not.toContain("promise.made");
});

test("a carrier changes the severity, and intake shows and publishes the new severity", async () => {
  const { id, post } = await open();
  const changed = await post("severity", { severity: "critical", reason: "the whole street" });
  expect(changed).toMatchObject({ status: 200, body: { severity: "critical", version: 2 } });
  expect(await post("severity", { severity: "critical" })).toMatchObject({ status: 409 });
  expect(await post("severity", { severity: "worst" })).toMatchObject({ status: 400 });
  await waitFor(() => world.eventTypes(id).length === 2);
  expect(world.events.find((event) => event.key === id && event.type === "case.severity-changed")?.data).toMatchObject({
    from: "minor",
    to: "critical",
    reason: "the whole street",
  });
});

const pause = { status: "pending", note: "the log", waitingOn: "customer", code: "customer-to-answer" };

test.each(["PT1M", "P30D"])("intake publishes the code of a pause with a maximum of %s", async (maximum) => {
  const { id, post } = await open();
  expect(await post("status", { ...pause, maximum })).toMatchObject({ status: 200, body: { status: "pending" } });
  await waitFor(() => world.eventTypes(id).length === 2);
  const published = world.events.find((event) => event.key === id && event.type === "case.status-changed");
  expect(published?.data).toMatchObject({ code: "customer-to-answer", waitingOn: "customer", maximum });
});

test.each(["PT59S", "P30DT1S", "a while"])("intake refuses a pause with a maximum of %s", async (maximum) => {
  const { id, post } = await open();
  const response = await post("status", { ...pause, maximum });
  expect(response).toMatchObject({ status: 400, body: { fields: [{ at: "/maximum" }] } });
  expect((await world.northtel.get(`/v1/cases/${id}`)).body.status).toBe("acknowledged");
});
