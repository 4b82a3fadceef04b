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
  const asked = request(`${server.url}/v1/things`, { method: "POST", agent, headers });
  asked.end(body);
  const [answer] = await once(asked, "response");
  return {
    status: answer.statusCode as number,
    headers: answer.headers as Record<string, string>,
    body: JSON.parse(await text(answer)),
    port: asked.socket?.localPort,
  };
}

test("who is turned away gets the problem document, and their connection serves the next request", async () => {
  let isClosed = true;
  const answer = createFixedRefusal(refusal("overloaded", "Too much at once.", { retryAfterSeconds: 1 }));
  const { http, lines, metrics } = await createApp({
    earlyResponder(asked, response) {
      if (asked.method !== "POST" || !isClosed) return false;
      answer(response);
      return true;
    },
  });
  server = await listen(http, { host: "127.0.0.1", port: 0 });
  // The body is not read, and does not stand before the next request's head.
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
