import { afterEach, expect, test } from "vitest";
import { refusal } from "@crossline/contracts";
import { bodyLimitBytes } from "../../src/index.ts";
import { createApp } from "./app.ts";

type App = Awaited<ReturnType<typeof createApp>>;
let app: App;
afterEach(() => app.http.close());

async function post(payload: unknown, headers: Record<string, string> = {}) {
  const response = await app.http.inject({
    method: "POST",
    url: "/v1/things",
    headers: { "content-type": "application/json", ...headers },
    payload: typeof payload === "string" ? payload : JSON.stringify(payload),
  });
  return { response, problem: response.json() };
}

const requestId = "018f2c1e-7d1a-7c3b-9e55-0a1b2c3d4e5f";

test("a value is sent with the route's status and only the fields of its schema", async () => {
  app = await createApp();
  const { response } = await post({ name: "one" });
  expect(response.statusCode).toBe(201);
  expect(response.json()).toEqual({ id: "1", name: "one" });
  expect(response.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  expect(app.lines).toEqual([]);
});

test("a refusal becomes a problem document and one log message without the payload", async () => {
  app = await createApp();
  const { response, problem } = await post({ name: "taken" }, { "x-request-id": requestId });
  expect(response.statusCode).toBe(409);
  expect(response.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
  expect(response.headers["x-request-id"]).toBe(requestId);
  expect(problem).toEqual({
    type: "/problems/already_exists",
    title: "The name is already in use",
    status: 409,
    detail: "It is taken.",
    code: "already_exists",
  });
  expect(app.lines).toMatchObject([
    { level: "info", msg: "refused", code: "already_exists", requestId, route: "/v1/things" },
  ]);
  expect(JSON.stringify(app.lines)).not.toContain("taken");
});

test.each(["a b\tc", "Ada-Lovett", "+14165550100", "356938035643809"])(
  "a request id that is no UUID is replaced, because the log would contain it (%s)",
  async (given) => {
    app = await createApp();
    const { response } = await post({ name: "one" }, { "x-request-id": given });
    expect(response.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  },
);

test.each([
  [{}, [{ at: "/name", message: "is missing (expected string)" }]],
  [{ name: 1 }, [{ at: "/name", message: "expected string, received number" }]],
  [{ name: "one", device: {} }, [{ at: "/device/model", message: "is missing (expected string)" }]],
  [
    { name: "one", colour: "red", size: 1 },
    [
      { at: "/colour", message: "is an unknown field" },
      { at: "/size", message: "is an unknown field" },
    ],
  ],
  [
    { name: "one", device: { model: "m", "a/b~c": "x" } },
    [{ at: "/device/a~1b~0c", message: "expected number, received string" }],
  ],
  [{ name: "one", tags: ["a", 2] }, [{ at: "/tags/1", message: "expected string, received number" }]],
  [[], [{ at: "", message: "expected object, received array" }]],
  ["", [{ at: "", message: "is missing (expected object)" }]],
])("the body %j is refused with the places of its faults", async (body, fields) => {
  app = await createApp();
  const { response, problem } = await post(body);
  expect(response.statusCode).toBe(400);
  expect(problem).toMatchObject({ code: "invalid_request", fields });
});

test("a problem document names at most twenty faults", async () => {
  app = await createApp();
  const body = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`k${n}`, n]));
  const { problem } = await post({ name: "one", ...body });
  expect(problem.fields).toHaveLength(20);
});

test.each([
  ['{"name": "one",}', "The body is not valid JSON: it is damaged at line 1, column 16."],
  ['{\n"name": "one"\n"x"}', "The body is not valid JSON: it is damaged at line 3, column 1."],
  ['{"name": "one"', /^The body is not valid JSON: it/],
  ["nonsense", "The body is not valid JSON."],
])("damaged JSON %j is refused with the place of the damage, if it is known", async (body, detail) => {
  app = await createApp();
  const { response, problem } = await post(body);
  expect(response.statusCode).toBe(400);
  expect(problem.code).toBe("invalid_request");
  expect(problem.detail).toMatch(detail);
});

test.each([
  ['{"name": "a\\u0000b"}', "/name", "contains a NUL character"],
  ['{"name": "a", "tags": ["\\ud800"]}', "/tags/0", "contains half of a surrogate pair"],
  ['{"name": "a", "__proto__": {"x": 1}}', "/__proto__", "is an unknown field"],
])("text that cannot be stored is refused: %s", async (body, at, message) => {
  app = await createApp();
  const { problem } = await post(body);
  expect(problem).toMatchObject({ code: "invalid_request", fields: [{ at, message }] });
});

test.each(["/v1/things/a%00b", "/v1/things/1?limit=1%00", "/nowhere?x=%00"])(
  "a NUL in the address is refused: %s",
  async (url) => {
    app = await createApp();
    const response = await app.http.inject({ url, headers: { "x-wanted": "y" } });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({
      code: "invalid_request",
      detail: "The address contains a NUL character (%00).",
    });
  },
);

test("an escaped character that can be stored is accepted", async () => {
  app = await createApp();
  const { response } = await post('{"name": "\\u00e9\\ud83d\\ude00"}');
  expect(response.json()).toEqual({ id: "1", name: "é😀" });
});

test("a body with 100,000 levels is refused and causes no stack overflow", async () => {
  app = await createApp();
  const { problem } = await post(`{"name":"\\u0041","device":${"[".repeat(100_000)}${"]".repeat(100_000)}}`);
  expect(problem.code).toBe("invalid_request");
});

test("a fault of the query, the headers or the address has the name of its field", async () => {
  app = await createApp();
  const bad = await app.http.inject({ url: "/v1/things/1?limit=11&page=2", headers: { "x-wanted": "y" } });
  expect(bad.json().fields).toEqual([
    { at: "limit", message: expect.stringContaining("10") },
    { at: "page", message: "is an unknown field" },
  ]);
  const header = await app.http.inject({ url: "/v1/things/1" });
  expect(header.json().fields).toEqual([{ at: "x-wanted", message: "is missing (expected string)" }]);
  const address = await app.http.inject({ url: "/v1/things/x", headers: { "x-wanted": "y" } });
  expect(address.json().fields).toEqual([{ at: "id", message: "an id is digits" }]);
});

test("an unknown address gets a 404; a known address with another method gets a 405 with Allow", async () => {
  app = await createApp();
  const unknown = await app.http.inject({ url: "/v1/nothing" });
  expect(unknown.statusCode).toBe(404);
  expect(unknown.json().code).toBe("not_found");
  const method = await app.http.inject({ method: "PUT", url: "/v1/things/1?x=1", payload: { a: 1 } });
  expect(method.statusCode).toBe(405);
  expect(method.headers["allow"]).toBe("DELETE, GET, HEAD");
  expect(method.json().code).toBe("method_not_allowed");
});

test("a body that is not declared as JSON gets a 415", async () => {
  app = await createApp();
  const { response, problem } = await post("name=one", { "content-type": "application/x-www-form-urlencoded" });
  expect(response.statusCode).toBe(415);
  expect(problem.code).toBe("unsupported_media_type");
});

test("a body over the limit gets a 413 that names the limit; a body of exactly the limit is read", async () => {
  app = await createApp();
  const frame = '{"name":""}';
  const { response, problem } = await post(`{"name":"${"x".repeat(bodyLimitBytes)}"}`);
  expect(response.statusCode).toBe(413);
  expect(problem).toMatchObject({
    code: "too_large",
    limitBytes: 1_048_576,
    detail: expect.stringContaining("1048576"),
  });
  const just = await post(`{"name":"${"x".repeat(bodyLimitBytes - frame.length)}"}`);
  expect(just.problem.code).toBe("invalid_request");
});

test("a fault becomes internal_error with the request id, and one log message with the cause", async () => {
  app = await createApp();
  const { response, problem } = await post({ name: "fault" }, { "x-request-id": requestId });
  expect(response.statusCode).toBe(500);
  expect(problem).toMatchObject({ code: "internal_error", requestId, detail: expect.stringContaining(requestId) });
  expect(JSON.stringify(problem)).not.toContain("disk");
  expect(app.lines).toMatchObject([
    { level: "error", requestId, err: { message: "the disk is on fire", cause: { message: "a match" } } },
  ]);
});

test("a temporary fault becomes the refusal that the service chooses, with Retry-After", async () => {
  app = await createApp({
    faultToRefusal: (error) =>
      error instanceof Error && error.message.includes("fire") ? refusal("unavailable", "Later.") : undefined,
  });
  const { response, problem } = await post({ name: "fault" });
  expect(response.statusCode).toBe(503);
  expect(response.headers["retry-after"]).toBe("1");
  expect(problem).toMatchObject({ code: "unavailable", detail: "Later." });
  expect(app.lines).toMatchObject([{ level: "warn", code: "unavailable" }]);
});

test("a damaged address gets a 400", async () => {
  app = await createApp();
  const response = await app.http.inject({ url: "/v1/things/%zz" });
  expect(response.statusCode).toBe(400);
  expect(response.json().code).toBe("invalid_request");
});

test("a route reads a valid trace context of a request, even if the route has a header schema", async () => {
  app = await createApp();
  const sound = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const call = (traceparent: string) =>
    app.http.inject({ url: "/v1/things/1", headers: { "x-wanted": "y", traceparent } });
  expect((await call(sound)).json()).toEqual({ id: "1", limit: 5, traceparent: sound });
  expect((await call("00-00000000000000000000000000000000-00f067aa0ba902b7-01")).json()).toEqual({ id: "1", limit: 5 });
});
