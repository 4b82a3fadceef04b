import { hashKey } from "@crossline/access";
import { keyScopes, topics } from "@crossline/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type World, createWorld, internalKey, operatorKey, waitFor } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

const toldOf = (party: string) => world.events.filter(({ topic, key }) => topic === topics.party && key === party);

test("the operator creates a party once, intake publishes the whole party, and the party's keys authenticate", async () => {
  const quill = { party: "quill", kind: "vendor", name: "Quill" };
  expect(await world.operator.post("/v1/parties", quill)).toMatchObject({
    status: 201,
    body: { ...quill, keyIds: [] },
  });
  expect(await world.operator.post("/v1/parties", quill)).toMatchObject({
    status: 409,
    body: { code: "already_exists" },
  });
  const one = await world.operator.post("/v1/parties/quill/keys");
  const two = await world.operator.post("/v1/parties/quill/keys");
  expect(one).toMatchObject({ status: 201, body: { party: "quill", keyId: expect.stringMatching(/^key_/) } });
  expect(one.headers.get("cache-control")).toBe("no-store");
  expect((await world.client(one.body.key).get("/v1/cases")).status).toBe(200);
  await waitFor(() => toldOf("quill").length === 3);
  expect(toldOf("quill").map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  expect(toldOf("quill")[2]?.data).toEqual({
    ...quill,
    keys: [one, two].map(({ body }) => ({ keyId: body.keyId, hash: hashKey(body.key) })),
  });
  const deletion = await world.operator.send("DELETE", `/v1/parties/quill/keys/${one.body.keyId}`);
  expect(deletion.status).toBe(204);
  expect((await world.operator.send("DELETE", `/v1/parties/quill/keys/${one.body.keyId}`)).status).toBe(404);
  await waitFor(() => toldOf("quill").length === 4);
  expect(toldOf("quill")[3]?.data).toMatchObject({ keys: [{ keyId: two.body.keyId }] });
});

test("the operator lists keys with their label, creation and last use", async () => {
  const label = "CRM, production";
  const created = await world.operator.post("/v1/parties/orchard/keys", { label });
  const idle = await world.operator.post("/v1/parties/orchard/keys");
  expect(created.body).toMatchObject({ label, createdAt: expect.any(String) });
  const desk = world.client(created.body.key);
  const before = Date.now();
  // Every request with the key counts as a use, even if intake passes the request to another service.
  await desk.get("/v1/queues");
  await world.restart();
  const keysOf = async () => {
    const { body } = await world.operator.get("/v1/parties");
    return body.items.find(({ party }: { party: string }) => party === "orchard");
  };
  const { keys, keyIds } = await keysOf();
  expect(keys.map(({ keyId }: { keyId: string }) => keyId)).toEqual(keyIds);
  const used = keys.find(({ keyId }: { keyId: string }) => keyId === created.body.keyId);
  expect(used).toMatchObject({ label, createdAt: created.body.createdAt });
  expect(Date.parse(used.lastUsedAt) - before).toBeGreaterThan(-1_000);
  const { keyId, createdAt } = idle.body;
  expect(keys).toContainEqual({ keyId, createdAt, scopes: [...keyScopes] });
  expect(await world.operator.post("/v1/parties/orchard/keys", { label: "two\nlines" })).toMatchObject({
    status: 400,
    body: { fields: [{ at: "/label" }] },
  });
  expect((await world.operator.send("DELETE", `/v1/parties/orchard/keys/${keyId}`)).status).toBe(204);
  expect((await keysOf()).keyIds).not.toContain(keyId);
});

test("only the response that creates an API key contains the key, and no table or event contains it as plain text", async () => {
  const once = { "idempotency-key": "key-once" };
  const created = await world.operator.post("/v1/parties/northtel/keys", {}, once);
  const again = await world.operator.post("/v1/parties/northtel/keys", {}, once);
  expect(again.body).toEqual(created.body);
  const tables = await world.database.query<{ name: string }>({
    text: "select table_name as name from information_schema.tables where table_schema = current_schema()",
  });
  for (const { name } of tables) {
    const found = await world.database.query({
      text: `select 1 from ${name} as row where row::text like '%' || $1 || '%'`,
      values: [created.body.key.slice(-43)],
    });
    expect(found).toEqual([]);
  }
  expect(JSON.stringify(world.events)).not.toContain(created.body.key.slice(-43));
});

test("only the operator manages parties", async () => {
  expect((await world.northtel.post("/v1/parties", { party: "x", kind: "vendor", name: "X" })).status).toBe(403);
  expect((await world.northtel.get("/v1/parties")).status).toBe(403);
  expect((await world.operator.post("/v1/parties/nobody/keys")).status).toBe(404);
  expect(await world.operator.post("/v1/parties", { party: "builtin", kind: "carrier", name: "B" })).toMatchObject({
    status: 400,
    body: { fields: [{ at: "/party" }] },
  });
  const page = await world.operator.get("/v1/parties?limit=2");
  expect(page.body.items).toHaveLength(2);
  const rest = await world.operator.get(`/v1/parties?cursor=${page.body.next}`);
  const names = [...page.body.items, ...rest.body.items].map((one: { party: string }) => one.party);
  expect(names).toEqual(names.toSorted((a, b) => (a < b ? -1 : 1)));
  expect(names).toContain("operator");
});

test("intake publishes the operator only once, even after a restart, and never with its key", async () => {
  const expected = [{ sequence: 1, data: { party: "operator", kind: "operator", name: "Operator", keys: [] } }];
  expect(toldOf("operator")).toMatchObject(expected);
  expect(JSON.stringify(toldOf("operator"))).not.toContain(hashKey(operatorKey));
  await world.restart();
  expect((await world.operator.get("/v1/parties")).status).toBe(200);
  expect(toldOf("operator")).toMatchObject(expected);
});

test("metrics at the public address need the internal key, because they include numbers of all companies", async () => {
  const { url } = world.intake;
  expect((await fetch(`${url}/metrics`)).status).toBe(401);
  expect((await world.northtel.get("/metrics")).status).toBe(401);
  expect((await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${internalKey}` } })).status).toBe(200);
});
