import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { authenticated, callerOf, internalOnly, send } from "../../src/index.ts";
import type { Caller } from "../../src/index.ts";
import { createApp } from "./app.ts";

const northtel: Caller = { party: "northtel", kind: "carrier", keyId: "key_1" };
let app: Awaited<ReturnType<typeof createApp>>;

beforeEach(async () => {
  app = await createApp();
  const find = (key: string) => (key === "good" ? northtel : undefined);
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

test.each([undefined, "good", "Basic good", "Bearer", "Bearer ", "Bearer go od", `Bearer ${"x".repeat(513)}`])(
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
