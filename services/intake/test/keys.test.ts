import { topics } from "@crossline/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiResponse, type World, createWorld, waitFor } from "./world.ts";

/* A company makes, lists, rotates and deletes its own API keys. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

const day = 86_400_000;
/** Returns an instant in some days, in whole seconds. */
const inDays = (days: number): string => new Date(Date.now() + days * day).toISOString().replace(/\.\d+Z/, "Z");
const withKey = (created: ApiResponse) => world.client(created.body.key as string);
const remove = (client: World["northtel"], party: string, keyId: string) =>
  client.send("DELETE", `/v1/parties/${party}/keys/${keyId}`);
const published = (party: string) => world.events.filter(({ topic, key }) => topic === topics.party && key === party);

/** Creates a company with one key, and returns its client and the addresses of its keys. */
async function company(party: string) {
  const client = await world.party(party, "carrier");
  const path = `/v1/parties/${party}/keys`;
  const list = async (): Promise<any[]> => (await client.get(path)).body.keys;
  return { client, path, list };
}

test("a company makes a key with scopes and an expiry, and lists its keys without their secrets", async () => {
  const { client, path, list } = await company("maker");
  const expiresAt = inDays(30);
  const created = await client.post(path, { label: "CRM", scopes: ["cases", "read"], expiresAt });
  expect(created).toMatchObject({ status: 201, body: { label: "CRM", scopes: ["read", "cases"], expiresAt } });
  expect(created.headers.get("cache-control")).toBe("no-store");
  const keys = await list();
  expect(keys).toHaveLength(2);
  const { keyId, createdAt } = created.body;
  expect(keys).toContainEqual({ keyId, label: "CRM", scopes: ["read", "cases"], createdAt, expiresAt });
  expect(JSON.stringify(keys)).not.toContain(created.body.key.slice(-43));
  expect((await client.get("/v1/parties/maker")).body.keys).toEqual(keys);
  await waitFor(() => published("maker").length === 3);
  const hash = expect.any(String);
  expect(published("maker")[2]?.data).toMatchObject({
    keys: [
      { keyId: expect.any(String), hash },
      { keyId, hash, scopes: ["read", "cases"], expiresAt },
    ],
  });
});

test("a key without a scope gets a 403 that names the scope", async () => {
  const { client, path } = await company("scoped");
  const reader = withKey(await client.post(path, { scopes: ["read"] }));
  expect((await reader.get("/v1/cases")).status).toBe(200);
  expect(await reader.post("/v1/cases", {})).toMatchObject({
    status: 403,
    body: { code: "forbidden", scope: "cases" },
  });
  expect(await reader.get(path)).toMatchObject({ status: 403, body: { scope: "keys" } });
  expect(await reader.send("PUT", "/v1/canaries")).toMatchObject({ status: 403, body: { scope: "setup" } });
});

test("a key gives no key more scopes or a longer life than its own", async () => {
  const { client, path } = await company("limited");
  const expiresAt = inDays(10);
  const manager = withKey(await client.post(path, { scopes: ["read", "keys"], expiresAt }));
  expect(await manager.post(path)).toMatchObject({ status: 201, body: { scopes: ["read", "keys"], expiresAt } });
  expect(await manager.post(path, { scopes: ["cases"] })).toMatchObject({
    status: 403,
    body: { code: "forbidden", scopes: ["cases"] },
  });
  expect(await manager.post(path, { expiresAt: inDays(11) })).toMatchObject({ status: 403, body: { expiresAt } });
  expect(await manager.post(path, { expiresAt: inDays(-1) })).toMatchObject({
    status: 400,
    body: { fields: [{ at: "/expiresAt" }] },
  });
  const whole = await client.post(path);
  expect(await manager.post(`${path}/${whole.body.keyId}/rotate`)).toMatchObject({ status: 403 });
  for (const body of [{ scopes: [] }, { scopes: ["read", "read"] }, { scopes: ["everything"] }])
    expect(await client.post(path, body)).toMatchObject({ status: 400, body: { code: "invalid_request" } });
});

test("after a rotation both keys work, and the list names the end of the old key and its replacement", async () => {
  const { client, path, list } = await company("rotator");
  const old = await client.post(path, { label: "CRM", scopes: ["read"] });
  const { keyId } = old.body;
  const before = Date.now();
  const rotated = await client.post(`${path}/${keyId}/rotate`);
  expect(rotated).toMatchObject({ status: 201, body: { label: "CRM", scopes: ["read"], replaces: { keyId } } });
  expect(rotated.headers.get("cache-control")).toBe("no-store");
  const end = rotated.body.replaces.expiresAt;
  expect(Math.abs(Date.parse(end) - before - day)).toBeLessThan(60_000);
  for (const created of [old, rotated]) expect((await withKey(created).get("/v1/cases")).status).toBe(200);
  expect(await list()).toContainEqual(
    expect.objectContaining({ keyId, expiresAt: end, replacedBy: rotated.body.keyId }),
  );
  expect(await client.post(`${path}/${keyId}/rotate`)).toMatchObject({
    status: 409,
    body: { code: "key_ended", replacedBy: rotated.body.keyId },
  });
});

test("without an overlap, the old key ends at once, and its holder learns since when", async () => {
  const { client, path } = await company("hasty");
  const old = await client.post(path);
  const rotated = await client.post(`${path}/${old.body.keyId}/rotate`, { overlap: "PT0S" });
  expect((await withKey(rotated).get("/v1/cases")).status).toBe(200);
  expect(await withKey(old).get("/v1/cases")).toMatchObject({
    status: 401,
    body: { code: "unauthenticated", expiredAt: rotated.body.replaces.expiresAt },
  });
  expect(await client.post(`${path}/${old.body.keyId}/rotate`)).toMatchObject({ status: 409 });
  for (const overlap of ["PT-1S", "P31D", "P1M", "soon"])
    expect(await client.post(`${path}/${rotated.body.keyId}/rotate`, { overlap })).toMatchObject({
      status: 400,
      body: { fields: [{ at: "/overlap" }] },
    });
});

test("a repeated rotation gets the first response, also at the same time and after a restart, and makes one key", async () => {
  const { client, path, list } = await company("repeater");
  const old = await client.post(path);
  const rotate = () => client.post(`${path}/${old.body.keyId}/rotate`, {}, { "idempotency-key": "rotate-once" });
  const responses = await Promise.all([rotate(), rotate(), rotate()]);
  const first = responses.find(({ status }) => status === 201);
  for (const { status, body } of responses)
    expect(status === 201 ? body : { code: body.code }).toEqual(
      status === 201 ? first?.body : { code: "request_in_progress" },
    );
  await world.restart();
  const again = await rotate();
  expect(again).toMatchObject({ status: 201, body: first?.body });
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  expect(await list()).toHaveLength(3);
  const stored = await world.database.query<{ answer: string }>({
    text: "select answer from idempotency where key = 'rotate-once'",
  });
  expect(stored).toHaveLength(1);
  expect(stored[0]?.answer).not.toContain("xl_");
});

test("if intake loses its connection during a rotation, nothing changes, and the same request succeeds later", async () => {
  const { client, path, list } = await company("crasher");
  const old = await client.post(path);
  const rotate = () => client.post(`${path}/${old.body.keyId}/rotate`, {}, { "idempotency-key": "rotate-cut" });
  const release = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  // The lock stops the rotation at its last statement, after it has changed the party.
  const blocking = world.database.transaction(async (tx) => {
    await tx.query({ text: "lock table key_record in share mode" });
    held.resolve();
    await release.promise;
  });
  await held.promise;
  const cut = rotate();
  const { pid } = await waitFor(async () => {
    const [row] = await world.database.query<{ pid: number }>({
      text: "select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%key.insert-record%' and datname = current_database()",
    });
    return row;
  });
  await world.database.query({ text: "select pg_terminate_backend($1)", values: [pid] });
  expect(await cut).toMatchObject({ status: 503 });
  release.resolve();
  await blocking;
  expect(await list()).toHaveLength(2);
  expect((await rotate()).status).toBe(201);
  const keys = await list();
  expect(keys).toHaveLength(3);
  expect(keys.filter(({ expiresAt }) => expiresAt !== undefined)).toMatchObject([{ keyId: old.body.keyId }]);
});

test("a company cannot delete its last key that can manage keys, and the operator can", async () => {
  const { client, path, list } = await company("careful");
  const [own] = await list();
  const reader = (await client.post(path, { scopes: ["read"] })).body;
  expect(await remove(client, "careful", own.keyId)).toMatchObject({ status: 409, body: { code: "last_key" } });
  expect((await remove(client, "careful", reader.keyId)).status).toBe(204);
  const second = await client.post(path, { scopes: ["keys"] });
  expect((await remove(client, "careful", own.keyId)).status).toBe(204);
  expect((await remove(withKey(second), "careful", second.body.keyId)).status).toBe(409);
  expect((await remove(world.operator, "careful", second.body.keyId)).status).toBe(204);
});

test("the keys of another company do not exist for a company", async () => {
  const { path, list } = await company("owner");
  const [{ keyId }] = (await list()) as [{ keyId: string }];
  const client = world.lumen;
  for (const response of [
    await client.get(path),
    await client.post(path),
    await client.post(`${path}/${keyId}/rotate`),
    await remove(client, "owner", keyId),
  ])
    expect(response).toMatchObject({ status: 404, body: { code: "not_found" } });
  expect(await list()).toHaveLength(1);
  expect((await world.operator.post(`${path}/${keyId}/rotate`)).status).toBe(201);
});

test("a key of another company under the own party does not exist, and no request changes the operator's key", async () => {
  const { client, path } = await company("wanderer");
  const [other] = (await world.lumen.get("/v1/parties/lumen/keys")).body.keys as [{ keyId: string }];
  expect((await client.post(`${path}/${other.keyId}/rotate`)).status).toBe(404);
  expect((await remove(client, "wanderer", other.keyId)).status).toBe(404);
  const own = "/v1/parties/operator/keys";
  expect((await world.operator.post(own)).status).toBe(403);
  expect((await world.operator.post(`${own}/key_operator/rotate`)).status).toBe(403);
  expect((await remove(world.operator, "operator", "key_operator")).status).toBe(403);
});

test("a party with twenty keys gets a new key only in the place of an expired key", async () => {
  const { client, path, list } = await company("collector");
  const created: ApiResponse[] = [];
  for (let index = 0; index < 19; index++) created.push(await client.post(path));
  expect(await client.post(path)).toMatchObject({ status: 422, body: { code: "limit_reached" } });
  const [first] = created as [ApiResponse];
  expect((await remove(client, "collector", first.body.keyId)).status).toBe(204);
  const [, second] = created as [ApiResponse, ApiResponse];
  expect((await client.post(`${path}/${second.body.keyId}/rotate`, { overlap: "PT0S" })).status).toBe(201);
  expect((await client.post(path)).status).toBe(201);
  const keys = await list();
  expect(keys).toHaveLength(20);
  expect(keys.map(({ keyId }) => keyId)).not.toContain(second.body.keyId);
});
