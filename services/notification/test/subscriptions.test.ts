import { newId } from "@crossline/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.start({ privateAddresses: "refuse", subscriptionsMax: 5 });
});
afterAll(() => world.stop());

const url = "https://hooks.example.com/crossline";

test("a party creates, reads, lists and deletes only its own subscriptions; the secret is shown once", async () => {
  const request = { url, events: ["clock.breached", "handoff.offered"], description: "our pager" };
  const created = await world.call("northtel", "POST", "/v1/subscriptions", request);
  expect(created).toMatchObject({ status: 201, body: { ...request, timeline: "wall" } });
  expect(created.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const shown = { ...created.body };
  delete shown.secret;
  const path = `/v1/subscriptions/${shown.subscriptionId}`;
  expect(await world.call("northtel", "GET", path)).toEqual({ status: 200, body: shown });
  expect(await world.call("northtel", "GET", "/v1/subscriptions")).toMatchObject({ body: { items: [shown] } });
  expect(await world.call("lumen", "GET", "/v1/subscriptions")).toMatchObject({ body: { items: [] } });
  expect(await world.call("lumen", "GET", path)).toMatchObject({ status: 404, body: { code: "not_found" } });
  expect(await world.call("lumen", "DELETE", path)).toMatchObject({ status: 404 });
  expect(await world.call("northtel", "DELETE", path)).toEqual({ status: 204, body: undefined });
  expect(await world.call("northtel", "DELETE", path)).toMatchObject({ status: 404 });
  expect(await world.call("northtel", "GET", path)).toMatchObject({ status: 404 });
});

test.each([
  ["http://127.0.0.1/", "/url"],
  ["http://2130706433/", "/url"],
  ["http://0x7f.1/", "/url"],
  ["http://localhost:9/", "/url"],
  ["http://printer.localhost./", "/url"],
  ["http://10.1.2.3/", "/url"],
  ["http://172.31.255.255/", "/url"],
  ["http://192.168.0.1/", "/url"],
  ["http://169.254.169.254/latest/meta-data", "/url"],
  ["http://100.64.0.1/", "/url"],
  ["http://[::1]/", "/url"],
  ["http://[::ffff:127.0.0.1]/", "/url"],
  ["http://[fe80::1]/", "/url"],
  ["http://[fd00::1]/", "/url"],
  ["http://[64:ff9b::7f00:1]/", "/url"],
  ["http://[2002:7f00:1::]/", "/url"],
  ["http://hooks.example.com:0/", "/url"],
  ["ftp://hooks.example.com/", "/url"],
  ["https://user:pass@hooks.example.com/", "/url"],
  ["not a url", "/url"],
])("the address %s is refused", async (bad, at) => {
  expect(await world.call("northtel", "POST", "/v1/subscriptions", { url: bad })).toMatchObject({
    status: 400,
    body: { code: "invalid_request", fields: [{ at }] },
  });
});

test("a subscription with an unknown event, an internal event, an import or an unknown field is refused with the place", async () => {
  const post = (more: object) => world.call("northtel", "POST", "/v1/subscriptions", { url, ...more });
  expect(await post({ events: ["clock.melted"] })).toMatchObject({
    status: 400,
    body: { fields: [{ at: "/events/0" }] },
  });
  expect(await post({ events: ["timeline.marked"] })).toMatchObject({ body: { fields: [{ at: "/events/0" }] } });
  expect(await post({ timeline: newId("imp") })).toMatchObject({ body: { fields: [{ at: "/timeline" }] } });
  expect(await post({ uri: "x" })).toMatchObject({ body: { fields: [{ at: "/uri" }] } });
});

test("a repeated request gets the first response with the same secret; a request with the same idempotency key and another body is refused", async () => {
  const key = { "idempotency-key": "sub-1" };
  const first = await world.callWith(key)("orchard", "POST", "/v1/subscriptions", { url });
  expect(first.status).toBe(201);
  expect(await world.callWith(key)("orchard", "POST", "/v1/subscriptions", { url })).toEqual(first);
  const other = await world.callWith(key)("orchard", "POST", "/v1/subscriptions", { url: `${url}/2` });
  expect(other).toMatchObject({ status: 422, body: { code: "idempotency_mismatch" } });
  const without = await world.callWith({ "idempotency-key": "" })("orchard", "POST", "/v1/subscriptions", { url });
  expect(without).toMatchObject({ status: 400, body: { code: "missing_idempotency_key" } });
  expect((await world.call("orchard", "GET", "/v1/subscriptions")).body.items).toHaveLength(1);
});

test("the limit of subscriptions also holds for concurrent requests", async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, nth) => world.call("quill", "POST", "/v1/subscriptions", { url: `${url}/${nth}` })),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
  expect(answers.filter(({ body }) => body.code === "limit_reached")).toHaveLength(7);
});

test("a request without an API key is refused, and each party has its own secret for calls and pages", async () => {
  const stranger = { authorization: "Bearer nonsense" };
  expect(await world.callWith(stranger)("northtel", "GET", "/v1/subscriptions")).toMatchObject({ status: 401 });
  const secret = await world.call("northtel", "GET", "/v1/last-resort-secret");
  expect(secret.body.secret).toMatch(/^whsec_/);
  expect(await world.call("northtel", "GET", "/v1/last-resort-secret")).toEqual(secret);
  expect((await world.call("lumen", "GET", "/v1/last-resort-secret")).body).not.toEqual(secret.body);
  expect((await world.call("orchard", "GET", "/v1/last-resort-secret")).body.secret).not.toBe(secret.body.secret);
});

test("notification waits a short time for a new timeline, and refuses a subscription to an unknown timeline", async () => {
  const timeline = newId("stp");
  const subscribe = (to: string) => world.call("lumen", "POST", "/v1/subscriptions", { url, timeline: to });
  const both = Promise.all([subscribe(newId("stp")), subscribe(timeline)]);
  await world.mark(timeline);
  const [unknown, early] = await both;
  expect(unknown).toMatchObject({ status: 404, body: { code: "not_found", fields: [{ at: "/timeline" }] } });
  expect(early).toMatchObject({ status: 201, body: { timeline } });
});

test("an equal subscription is refused with the id of the first one; a subscription with any difference is created", async () => {
  const subscribe = (more: object) => world.call("lumen", "POST", "/v1/subscriptions", { url: `${url}/same`, ...more });
  const events = ["clock.breached", "handoff.offered"];
  const answers = await Promise.all([subscribe({ events }), subscribe({ events })]);
  const [first] = answers.filter(({ status }) => status === 201);
  const again = await subscribe({ events: events.toReversed(), description: "once more" });
  for (const refused of [...answers.filter((answer) => answer !== first), again])
    expect(refused).toMatchObject({
      status: 409,
      body: { code: "already_exists", subscriptionId: first?.body.subscriptionId },
    });
  expect((await subscribe({})).status).toBe(201);
  expect((await world.call("lumen", "DELETE", `/v1/subscriptions/${first?.body.subscriptionId}`)).status).toBe(204);
  expect((await subscribe({ events })).status).toBe(201);
});
