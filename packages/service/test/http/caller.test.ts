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
  const answer = { schema: { response: { 200: z.object({ party: z.string() }) } } };
  app.http.get("/mine", { ...answer, onRequest: authenticated(find) }, async (request, reply) =>
    send(reply, 200, { party: callerOf(request).party }),
  );
  app.http.get("/vendors", { ...answer, onRequest: authenticated(async (key) => find(key), ["vendor"]) }, async () => ({
    party: "never",
  }));
  app.http.post("/strict", { schema: { body: z.object({}) }, onRequest: authenticated(find) }, async () => ({}));
  app.http.get("/internal/x", { ...answer, onRequest: internalOnly("a-key-of-the-services") }, async (_, reply) =>
    send(reply, 200, { party: "us" }),
  );
});
afterEach(() => app.http.close());

const ask = (url: string, authorization?: string) =>
  app.http.inject({ url, headers: authorization === undefined ? {} : { authorization } });

test("a known key is accepted, and the route knows its caller", async () => {
  const answer = await ask("/mine", "Bearer good");
  expect(answer.json()).toEqual({ party: "northtel" });
});

test.each([undefined, "good", "Basic good", "Bearer", "Bearer ", "Bearer go od", `Bearer ${"x".repeat(513)}`])(
  "a request without a well-formed key is 401, and the problem names the header: %s",
  async (authorization) => {
    const answer = await ask("/mine", authorization);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers["www-authenticate"]).toBe('Bearer realm="crossline"');
    expect(answer.json()).toMatchObject({ code: "unauthenticated", detail: expect.stringContaining("Bearer") });
  },
);

test("an unknown key is 401, and no log message contains it", async () => {
  const answer = await ask("/mine", "Bearer secretlooking");
  expect(answer.statusCode).toBe(401);
  expect(JSON.stringify(app.lines)).not.toContain("secretlooking");
});

test("a known key of another kind is 403", async () => {
  const answer = await ask("/vendors", "Bearer good");
  expect(answer.statusCode).toBe(403);
  expect(answer.json().detail).toBe("This is only for a vendor.");
});

test("an unknown caller is refused before the body is read", async () => {
  const answer = await app.http.inject({
    method: "POST",
    url: "/strict",
    headers: { "content-type": "application/json" },
    payload: "{damaged",
  });
  expect(answer.statusCode).toBe(401);
});

test("an internal route accepts one key and no other", async () => {
  expect((await ask("/internal/x", "Bearer a-key-of-the-services")).statusCode).toBe(200);
  expect((await ask("/internal/x", "Bearer a-key-of-the-service")).statusCode).toBe(401);
  expect((await ask("/internal/x")).statusCode).toBe(401);
});
