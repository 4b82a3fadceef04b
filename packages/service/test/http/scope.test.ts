import { expect, test } from "vitest";
import { scopeOf } from "../../src/index.ts";

/* The scope of a route follows from its method, its address, and whether it changes anything. */

test.each([
  ["GET", "/v1/cases/:id", "read"],
  ["HEAD", "/v1/cases", "read"],
  ["get", "/v1/cases/{id}/clocks", "read"],
  ["GET", "/v1/an-unknown-room", "read"],
  ["POST", "/v1/cases", "cases"],
  ["POST", "/v1/contacts", "cases"],
  ["POST", "/v1/queues/:queue/handoffs/:id/claim", "cases"],
  ["PUT", "/v1/queues/:queue", "setup"],
  ["POST", "/v1/pools/:name/assignments/:id/claim", "cases"],
  ["DELETE", "/v1/pools/:name", "setup"],
  ["POST", "/v1/lines", "setup"],
  ["PUT", "/v1/parties/:party/country", "setup"],
  ["GET", "/v1/parties/:party", "read"],
  ["GET", "/v1/parties/:party/keys", "keys"],
  ["post", "/v1/parties/{party}/keys/{keyId}/rotate", "keys"],
  ["POST", "/v1/an-unknown-room", undefined],
  ["GET", "/internal/parked", undefined],
])("%s %s needs the scope %s", (method, url, scope) => {
  expect(scopeOf({ method, url })).toBe(scope);
});

test("a POST that changes nothing needs the scope read", () => {
  expect(scopeOf({ method: "POST", url: "/v1/lines/lint", schema: { keyless: true } })).toBe("read");
});
