import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { authenticated, callerOf, internalOnly, send } from "../../src/index.ts";
import type { Caller } from "../../src/index.ts";
import { createApp } from "./app.ts";

const northtel: Caller = { party: "northtel", kind: "carrier", keyId: "key_1" };
let app: Awaited<ReturnType<typeof createApp>>;

beforeEach(async () => {
  app = await createApp();
  const find = (key: string) => {
    if (key === "expired") return { expiredAt: Date.UTC(2026, 2, 7, 14) };
    if (key === "reader") return { ...northtel, scopes: ["read" as const] };
    return key === "good" ? northtel : undefined;
  };
  const options = { schema: { response: { 200: z.object({ party: z.string() }) } } };
  app.http.get("/mine", { ...options, onRequest: authenticated(find) }, async (request, reply) =>
    send(reply, 200, { party: callerOf(request).party }),
  );
  app.http.get(
    "/vendors",
    { ...options, onRequest: authenticated(async (key) => find(key), ["vendor"]) },
    async () => ({
      party: "never",
    }),
  );
  for (const url of ["/v1/cases", "/v1/unknown"])
    app.http.post(url, { schema: {}, onRequest: authenticated(find) }, async () => ({}));
  app.http.get("/v1/cases", { schema: {}, onRequest: authenticated(find, ["vendor"]) }, async () => ({}));
  app.http.post(
    "/v1/lines",
    { schema: {}, config: { forwards: true }, onRequest: authenticated(find) },
    async () => ({}),
  );
  app.http.post("/strict", { schema: { body: z.object({}) }, onRequest: authenticated(find) }, async () => ({}));
  app.http.get("/internal/x", { ...options, onRequest: internalOnly("a-key-of-the-services") }, async (_, reply) =>
    send(reply, 200, { party: "us" }),
  );
});
afterEach(() => app.http.close());

const call = (url: string, authorization?: string) =>
  app.http.inject({ url, headers: authorization === undefined ? {} : { authorization } });

test("a known key is accepted, and the route knows its caller", async () => {
  const response = await call("/mine", "Bearer good");
  expect(response.json()).toEqual({ party: "northtel" });
});

test.each([undefined, "good", "Basic good", "Bearer", "Bearer ", "Bearer go od", `Bearer ${"x".repeat(2049)}`])(
  "a request without a well-formed key gets a 401 that names the header: %s",
  async (authorization) => {
    const response = await call("/mine", authorization);
    expect(response.statusCode).toBe(401);
    expect(response.headers["www-authenticate"]).toBe('Bearer realm="crossline"');
    expect(response.json()).toMatchObject({ code: "unauthenticated", detail: expect.stringContaining("Bearer") });
  },
);

test("an unknown key gets a 401, and no log message contains it", async () => {
  const response = await call("/mine", "Bearer secretlooking");
  expect(response.statusCode).toBe(401);
  expect(JSON.stringify(app.lines)).not.toContain("secretlooking");
});

test("a known key gets a 403 if the route does not accept its kind of party", async () => {
  const response = await call("/vendors", "Bearer good");
  expect(response.statusCode).toBe(403);
  expect(response.json().detail).toBe("This is only for a vendor.");
});

test("an expired key gets a 401 that says since when, and names no party", async () => {
  const response = await call("/mine", "Bearer expired");
  expect(response.statusCode).toBe(401);
  expect(response.json()).toMatchObject({
    code: "unauthenticated",
    detail: expect.stringContaining("expired at 2026-03-07T14:00:00Z"),
    expiredAt: "2026-03-07T14:00:00Z",
  });
  expect(response.body).not.toContain("northtel");
});

test("a key without the scope of a route gets a 403 that names the scope", async () => {
  const post = (url: string, key: string) =>
    app.http.inject({ method: "POST", url, headers: { authorization: `Bearer ${key}` } });
  const refused = await post("/v1/cases", "reader");
  expect(refused.statusCode).toBe(403);
  expect(refused.json()).toMatchObject({
    code: "forbidden",
    scope: "cases",
    detail: expect.stringContaining('"cases"'),
  });
  expect((await post("/v1/cases", "good")).statusCode).toBe(200);
  expect((await call("/v1/cases", "Bearer reader")).json().detail).toBe("This is only for a vendor.");
  // Another service checks the scope of a request that this service passes on.
  expect((await post("/v1/lines", "reader")).statusCode).toBe(200);
});

test("a key with scopes cannot call a route without a scope", async () => {
  const headers = (key: string) => ({ authorization: `Bearer ${key}` });
  const post = (key: string) => app.http.inject({ method: "POST", url: "/v1/unknown", headers: headers(key) });
  expect((await post("reader")).statusCode).toBe(403);
  expect((await post("good")).statusCode).toBe(200);
});

test("an unknown caller is refused before the body is read", async () => {
  const response = await app.http.inject({
    method: "POST",
    url: "/strict",
    headers: { "content-type": "application/json" },
    payload: "{damaged",
  });
  expect(response.statusCode).toBe(401);
});

test("an internal route accepts one key and no other", async () => {
  expect((await call("/internal/x", "Bearer a-key-of-the-services")).statusCode).toBe(200);
  expect((await call("/internal/x", "Bearer a-key-of-the-service")).statusCode).toBe(401);
  expect((await call("/internal/x")).statusCode).toBe(401);
});
