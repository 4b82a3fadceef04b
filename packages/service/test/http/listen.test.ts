import { request as rawRequest, Agent } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { listen } from "../../src/index.ts";
import { createApp } from "./app.ts";

async function open() {
  const app = await createApp();
  const entered = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  app.http.get("/slow", async (_, reply) => {
    entered.resolve();
    await released.promise;
    return reply.send({ done: true });
  });
  const server = await listen(app.http, { host: "127.0.0.1", port: 0 });
  return { ...app, server, entered: entered.promise, release: released.resolve };
}

function get(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    rawRequest(url, { agent }, (response) => text(response).then(resolve, reject))
      .on("error", reject)
      .end();
  });
}

test("a stop waits for the running request and then closes the request's kept-alive connection at once", async () => {
  const { server, entered, release } = await open();
  const agent = new Agent({ keepAlive: true });
  const idle = get(`${server.url}/health/live`, agent);
  await idle; // This request leaves an idle connection.
  const slow = get(`${server.url}/slow`, agent);
  await entered;
  const began = performance.now();
  const stopped = server.stop();
  const again = server.stop();
  await expect(get(`${server.url}/health/live`, new Agent())).rejects.toMatchObject({ code: "ECONNREFUSED" });
  release();
  expect(await slow).toBe('{"done":true}');
  await Promise.all([stopped, again]);
  expect(performance.now() - began).toBeLessThan(1000);
  agent.destroy();
});

test("a port in use is reported in one sentence", async () => {
  const first = await open();
  const second = await createApp();
  const { port } = first.server;
  await expect(listen(second.http, { host: "127.0.0.1", port })).rejects.toThrow(
    `port ${port} of 127.0.0.1 is in use: stop the program that uses it, or set PORT to another port`,
  );
  await first.server.stop();
  await second.http.close();
});

test("bytes that are no HTTP request get a problem document", async () => {
  const { server } = await open();
  const socket = connect(server.port, "127.0.0.1");
  socket.write("GARBAGE\r\n\r\n");
  const response = await text(socket);
  expect(response).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(response).toContain("application/problem+json");
  expect(response).toContain('"code":"invalid_request"');
  await server.stop();
});

test("a body over the limit is refused on a real connection before the whole body has arrived", async () => {
  const { server } = await open();
  const response = await fetch(`${server.url}/v1/things`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "x".repeat(1_100_000) }),
  });
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ code: "too_large" });
  await server.stop();
});

test("a client that closes the connection within its body causes no error message", async () => {
  const { server, http, lines } = await open();
  const gone = Promise.withResolvers<void>();
  http.server.on("connection", (socket) => socket.on("close", () => gone.resolve()));
  const socket = connect(server.port, "127.0.0.1");
  socket.write("POST /v1/things HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{");
  await new Promise((resolve) => http.server.once("request", resolve));
  socket.destroy();
  await gone.promise;
  await server.stop();
  expect(lines.filter((line) => line["level"] === "error")).toEqual([]);
});
