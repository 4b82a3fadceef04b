import { once } from "node:events";
import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import { refusal } from "@crossline/contracts";
import { afterEach, expect, test } from "vitest";
import { type Listening, listen, createFixedRefusal } from "../../src/index.ts";
import { createApp } from "./app.ts";

let server: Listening;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

afterEach(async () => {
  agent.destroy();
  await server.stop();
});

async function post(body: string) {
  const headers = { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) };
  const sent = request(`${server.url}/v1/things`, { method: "POST", agent, headers });
  sent.end(body);
  const [response] = await once(sent, "response");
  return {
    status: response.statusCode as number,
    headers: response.headers as Record<string, string>,
    body: JSON.parse(await text(response)),
    port: sent.socket?.localPort,
  };
}

test("a client that is refused early gets the problem document, and its connection serves the next request", async () => {
  let isClosed = true;
  const refuse = createFixedRefusal(refusal("overloaded", "Too much at once.", { retryAfterSeconds: 1 }));
  const { http, lines, metrics } = await createApp({
    earlyResponder(incoming, response) {
      if (incoming.method !== "POST" || !isClosed) return false;
      refuse(response);
      return true;
    },
  });
  server = await listen(http, { host: "127.0.0.1", port: 0 });
  // The body is not read, and must not be parsed as the head of the next request.
  const refused = await post(JSON.stringify({ name: "x".repeat(500_000) }));
  expect(refused).toMatchObject({
    status: 503,
    headers: { "content-type": "application/problem+json; charset=utf-8", "retry-after": "1" },
    body: { type: "/problems/overloaded", code: "overloaded", status: 503, detail: "Too much at once." },
  });
  expect(lines.filter(({ msg }) => msg === "refused")).toEqual([]);
  expect(await metrics.registry.metrics()).toMatch(
    /^crossline_http_request_seconds_count\{(?=.*method="POST")(?=.*route="\/v1\/\*")(?=.*status="503").*\} 1$/m,
  );
  isClosed = false;
  const accepted = await post(JSON.stringify({ name: "handheld" }));
  expect(accepted).toMatchObject({ status: 201, body: { name: "handheld" }, port: refused.port });
});
