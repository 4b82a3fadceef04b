import { type KeyScope, keyScopes } from "@crossline/contracts";
import { rolesOfKind, scopesOfRoles } from "@crossline/domain";
import { hasScope } from "@crossline/service";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signIn } from "./browser.ts";
import { type Stage, openStage } from "./stage.ts";

/*
 * Every operation of the API with a key of every single scope. The operations come from the OpenAPI document, so the test also covers a
 * route that is added later. The end of a key holds in every service.
 */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ inProcess: true, insight: true, console: true });
}, 60_000);
afterAll(() => stage?.close());

type CreatedKey = { readonly keyId: string; readonly key: string };
type KeyResponse = { readonly status: number; readonly body: any };

async function send(url: string, key: string, method: string): Promise<KeyResponse> {
  const hasBody = method !== "GET" && method !== "DELETE";
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(hasBody && { "content-type": "application/json" }),
      ...(method === "POST" && { "idempotency-key": crypto.randomUUID() }),
    },
    ...(hasBody && { body: "{}" }),
  });
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
  if (isStream) await response.body?.cancel(); // A stream has no end.
  const text = isStream ? "" : await response.text();
  const isJson = /\bjson\b/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, body: isJson ? JSON.parse(text) : {} };
}

type ScopedOperation = { readonly method: string; readonly path: string; readonly scope: KeyScope | undefined };

/** Returns the operations that need an API key, each with the scope that the OpenAPI document names. */
async function readOperations(): Promise<ScopedOperation[]> {
  const { paths } = (await (await fetch(`${stage.url}/openapi.json`)).json()) as { paths: Record<string, any> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries<any>(methods)
      .filter(([, { security }]) => security.length > 0)
      .map(([method, { security }]) => ({ method: method.toUpperCase(), path, scope: security[0].apiKey[0] })),
  );
}

/** Fills in the own party, and ids that do not exist. */
function addressOf(path: string, party: string): string {
  return path.replace("{party}", party).replaceAll(/\{\w+\}/g, `xx_${"0".repeat(26)}`);
}

test("each operation has exactly one scope, and accepts only keys with this scope", async () => {
  const operations = await readOperations();
  expect(operations.length).toBeGreaterThanOrEqual(95);
  expect(operations.filter(({ scope }) => scope === undefined)).toEqual([]);
  expect(new Set(operations.map(({ scope }) => scope))).toEqual(new Set(keyScopes));
  const { party, client } = await stage.party("walker", "carrier");
  const keys = await Promise.all(
    keyScopes.map(async (scope) => {
      const { key } = await client.post<CreatedKey>(`/v1/parties/${party}/keys`, { scopes: [scope] });
      return { scope, key };
    }),
  );
  const faults: unknown[] = [];
  for (const { method, path, scope } of operations)
    for (const held of keys) {
      const { status, body } = await send(`${stage.url}${addressOf(path, party)}`, held.key, method);
      const isRefused = status === 403 && body.scope === scope && body.detail.includes(`"${scope}"`);
      if (isRefused === (scope !== undefined && hasScope([held.scope], scope)))
        faults.push({ method, path, scope, held: held.scope, status, body });
    }
  expect(faults).toEqual([]);
}, 120_000);

test("each operation accepts only people whose role gives its scope", async () => {
  const operations = await readOperations();
  const faults: unknown[] = [];
  for (const kind of ["carrier", "vendor"] as const) {
    const { party, client } = await stage.party("people", kind);
    for (const role of rolesOfKind(kind)) {
      const browser = await signIn(stage, client, { person: "ada", roles: [role] });
      const scopes = scopesOfRoles([role]);
      for (const { method, path, scope } of operations) {
        // A signed-out person could call nothing more, and a stream has no end.
        if (path === "/v1/session" || path === "/v1/stream") continue;
        const hasBody = method !== "GET" && method !== "DELETE";
        const { status, body } = await browser.send(method, addressOf(path, party), hasBody ? {} : undefined);
        const isRefused = status === 403 && body.scope === scope && body.detail.startsWith("Your roles");
        if (status === 401 || isRefused === (scope !== undefined && hasScope(scopes, scope)))
          faults.push({ role, method, path, scope, status, body });
      }
    }
  }
  expect(faults).toEqual([]);
}, 240_000);

test("every service refuses a key without the scope, also behind the public address", async () => {
  const { party, client } = await stage.party("direct", "carrier");
  const { key } = await client.post<CreatedKey>(`/v1/parties/${party}/keys`, { scopes: ["cases"] });
  const { timer, routing, notification, insight } = stage.addresses;
  for (const url of [
    `${timer}/v1/cases/cs_${"0".repeat(26)}/clocks`,
    `${routing}/v1/lines`,
    `${notification}/v1/deliveries`,
    `${insight}/v1/reports`,
  ])
    expect(await send(url, key, "GET")).toMatchObject({ status: 403, body: { code: "forbidden", scope: "read" } });
});

/** Waits until both services refuse a key because it has expired, and returns the responses. */
function refusedBy(urls: readonly string[], key: string): Promise<KeyResponse[]> {
  return waitFor(
    async () => {
      const responses = await Promise.all(urls.map((url) => send(url, key, "GET")));
      return responses.every(({ status }) => status === 401) ? responses : undefined;
    },
    { timeoutMs: 15_000 },
  );
}

test("an expired key is refused by every service without a restart, with the instant of its expiry", async () => {
  const { party, client } = await stage.party("expirer", "vendor");
  const expiresAt = new Date(Date.now() + 2_000).toISOString();
  const { key } = await client.post<CreatedKey>(`/v1/parties/${party}/keys`, { expiresAt });
  const urls = [`${stage.url}/v1/cases`, `${stage.addresses.routing}/v1/queues`];
  for (const { status, body } of await refusedBy(urls, key)) {
    expect(status).toBe(401);
    expect(body.code).toBe("unauthenticated");
    expect(Date.parse(body.expiredAt)).toBe(Date.parse(expiresAt));
    expect(JSON.stringify(body)).not.toContain(party);
  }
});

test("after a rotation both keys work in two services until the overlap ends, then only the new key", async () => {
  const { party, client } = await stage.party("rotator", "vendor");
  const old = await client.post<CreatedKey>(`/v1/parties/${party}/keys`, { scopes: ["read"] });
  const urls = [`${stage.url}/v1/cases`, `${stage.addresses.routing}/v1/queues`];
  const statuses = (key: string) => Promise.all(urls.map(async (url) => (await send(url, key, "GET")).status));
  expect(await statuses(old.key)).toEqual([200, 200]);
  const rotation = `/v1/parties/${party}/keys/${old.keyId}/rotate`;
  const { key, keyId } = await client.post<CreatedKey>(rotation, { overlap: "PT1H" });
  expect([await statuses(old.key), await statuses(key)]).toEqual([
    [200, 200],
    [200, 200],
  ]);
  const newest = await client.post<CreatedKey>(`/v1/parties/${party}/keys/${keyId}/rotate`, { overlap: "PT0S" });
  await refusedBy(urls, key);
  expect([await statuses(old.key), await statuses(newest.key)]).toEqual([
    [200, 200],
    [200, 200],
  ]);
});
