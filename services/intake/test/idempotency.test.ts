import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type World, createWorld, opening, waitFor } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

const key = (text: string = randomUUID()) => ({ "idempotency-key": text });

test("every POST needs a key", async () => {
  const { id } = (await world.northtel.post("/v1/cases", opening())).body;
  const timeline = (await world.northtel.post("/v1/timelines", { kind: "stepped" })).body.id;
  for (const [address, body] of [
    ["/v1/cases", opening()],
    [`/v1/cases/${id}/contacts`, { channel: "phone" }],
    [`/v1/cases/${id}/entries`, { kind: "note", text: "x" }],
    [`/v1/cases/${id}/handlings`, { channel: "phone" }],
    [`/v1/cases/${id}/close`, {}],
    ["/v1/timelines", { kind: "stepped" }],
    [`/v1/timelines/${timeline}/advance`, { to: "2040-01-01T00:00:00Z" }],
  ] as const) {
    const refused = await world.northtel.post(address, body, { "idempotency-key": "" });
    expect(refused).toMatchObject({ status: 400, body: { code: "missing_idempotency_key" } });
  }
  for (const address of ["/v1/parties", "/v1/parties/northtel/keys"]) {
    const body = address === "/v1/parties" ? { party: "p", kind: "vendor", name: "P" } : {};
    expect(await world.operator.post(address, body, { "idempotency-key": "" })).toMatchObject({ status: 400 });
  }
  const long = await world.northtel.post("/v1/cases", opening(), key("x".repeat(256)));
  expect(long).toMatchObject({ status: 400, body: { code: "invalid_request" } });
});

test("a repeated request gets the first response and is executed once", async () => {
  const body = opening();
  const once = key();
  const first = await world.northtel.post("/v1/cases", body, once);
  await world.northtel.post(`${first.body.links.self}/close`);
  const again = await world.northtel.post("/v1/cases", body, once);
  expect(again.status).toBe(201);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get("location")).toBe(first.headers.get("location"));
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  const other = await world.northtel.post("/v1/cases", { ...body, title: "another" }, once);
  expect(other).toMatchObject({ status: 422, body: { code: "idempotency_mismatch" } });
  const stranger = await world.lumen.post("/v1/cases", body, once);
  expect(stranger.status).toBe(201);
});

test("intake executes one of many equal concurrent requests; every other one gets the same response or a refusal", async () => {
  const body = opening();
  const once = key();
  const responses = await Promise.all(Array.from({ length: 12 }, () => world.northtel.post("/v1/cases", body, once)));
  const statuses = new Set(responses.map(({ status }) => status));
  expect(statuses.has(201)).toBe(true);
  const done = responses.filter(({ status }) => status === 201);
  expect(new Set(done.map(({ body: content }) => content.id)).size).toBe(1);
  for (const { body: content } of responses.filter(({ status }) => status !== 201)) {
    expect(content).toMatchObject({ status: 409, code: "request_in_progress" });
  }
});

test("a repeated request is refused while the first request is running", async () => {
  const { id, links } = (await world.northtel.post("/v1/cases", opening())).body;
  const once = key();
  const blocked = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  const locking = world.database.transaction(async (tx) => {
    await tx.query({ text: "select 1 from case_record where id = $1 for update", values: [id] });
    locked.resolve();
    await blocked.promise;
  });
  await locked.promise;
  const first = world.northtel.post(`${links.self}/entries`, { kind: "note", text: "x" }, once);
  await waitFor(async () => {
    const [row] = await world.database.query<{ count: number }>({
      text: "select count(*) as count from pg_locks where locktype = 'advisory' and objsubid = 1 and database = (select oid from pg_database where datname = current_database())",
    });
    return (row?.count ?? 0) >= 1;
  });
  // Requests about other cases do not wait for the locked case.
  expect((await world.northtel.post("/v1/cases", opening())).status).toBe(201);
  const second = await world.northtel.post(`${links.self}/entries`, { kind: "note", text: "x" }, once);
  expect(second).toMatchObject({ status: 409, body: { code: "request_in_progress" } });
  blocked.resolve();
  await locking;
  expect((await first).status).toBe(201);
  const again = await world.northtel.post(`${links.self}/entries`, { kind: "note", text: "x" }, once);
  expect(again.body).toEqual((await first).body);
});

test("a refusal is not stored, so the same request can be sent again", async () => {
  const { links } = (await world.northtel.post("/v1/cases", opening())).body;
  const once = key();
  expect((await world.northtel.post(`${links.self}/reopen`, { code: "other", reason: "x" }, once)).status).toBe(409);
  await world.northtel.post(`${links.self}/status`, { status: "resolved" });
  expect((await world.northtel.post(`${links.self}/reopen`, { code: "other", reason: "x" }, once)).status).toBe(200);
});

test("the same idempotency key can be used on two timelines", async () => {
  const timeline = (await world.northtel.post("/v1/timelines", { kind: "stepped" })).body.id;
  const once = key();
  expect((await world.northtel.post("/v1/cases", opening({ carrierCaseId: "A" }), once)).status).toBe(201);
  expect((await world.northtel.post("/v1/cases", opening({ carrierCaseId: "A", timeline }), once)).status).toBe(201);
});
