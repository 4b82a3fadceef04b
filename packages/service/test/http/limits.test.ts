import { once } from "node:events";
import { type Socket, connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { type HttpOptions, type Listening, listen, pressureOf } from "../../src/index.ts";
import { createApp } from "./app.ts";

let server: Listening;
const sockets: Socket[] = [];

async function open(more: Partial<Pick<HttpOptions, "connectionsMax" | "bodyWithinMs">>): Promise<void> {
  const { http } = await createApp(more);
  server = await listen(http, { host: "127.0.0.1", port: 0 });
}

async function dial(): Promise<Socket> {
  const socket = connect(server.port, "127.0.0.1").on("error", () => {});
  sockets.push(socket);
  await once(socket, "connect");
  return socket;
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.stop();
});

const head = (path: string) =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{`;

test("a body that does not arrive in time gets a response, and its connection is closed", async () => {
  await open({ bodyWithinMs: 50 });
  const socket = await dial();
  socket.write(head("/v1/things"));
  const response = await text(socket);
  expect(response).toMatch(/^HTTP\/1\.1 400 /);
  expect(response).toContain("did not arrive in time");
  const whole = await fetch(`${server.url}/v1/things`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "x" }),
  });
  expect(whole.status).toBe(201);
});

test("a client that sends slowly and does not read the response does not keep its connection", async () => {
  await open({ bodyWithinMs: 50, connectionsMax: 2 });
  for (const socket of [await dial(), await dial()]) socket.pause().write(head("/v1/things"));
  const live = async () => (await fetch(`${server.url}/health/live`).catch(() => undefined))?.status;
  await expect.poll(live, { timeout: 5_000 }).toBe(200);
});

test("a route that accepts streams waits for its body", async () => {
  await open({ bodyWithinMs: 50 });
  const slow = await dial();
  slow.write(head("/v1/streams"));
  const other = await dial();
  other.write(head("/v1/things"));
  await text(other); // the time limit is over
  slow.write(`"a": "0123456789" }`);
  const [response] = (await once(slow, "data")) as [Buffer];
  expect(response.toString()).toMatch(/^HTTP\/1\.1 204 /);
});

test("a connection beyond the limit is closed at once, until another connection ends", async () => {
  await open({ connectionsMax: 2 });
  const [first] = [await dial(), await dial()];
  const third = await dial();
  expect(await text(third)).toBe("");
  first?.destroy();
  await expect.poll(async () => (await fetch(`${server.url}/health/live`).catch(() => undefined))?.status).toBe(200);
});

test("the pressure counts the records that are not applied yet, and the messages that are not sent yet", async () => {
  const consumer = { behind: () => 3, pending: () => 5 };
  expect(await pressureOf({ consumer, relay: { depth: async () => 7 } })).toEqual({ lag: 5, outbox: 7 });
});
