import { once } from "node:events";
import { type AddressInfo, type Server, type Socket, connect, createServer } from "node:net";
import { waitFor } from "@crossline/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Proxy, isProduceResponse, startProxy, isCommitReply } from "../proxy.ts";

/* An echo server behind a proxy. */
let server: Server;
let proxy: Proxy;
let accepted: Socket[] = [];
const received: string[] = [];
const clients: Socket[] = [];

beforeEach(async () => {
  accepted = [];
  received.length = 0;
  server = createServer((socket) => {
    accepted.push(socket);
    socket.on("data", (chunk) => (received.push(String(chunk)), socket.write(chunk))).on("error", () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const dead = createServer();
  dead.listen(0, "127.0.0.1");
  await once(dead, "listening");
  const deadPort = (dead.address() as AddressInfo).port;
  dead.close();
  // The first port accepts no connection, so the proxy uses the second port.
  proxy = await startProxy({ port: 0, targets: () => [deadPort, (server.address() as AddressInfo).port] });
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.stop();
  for (const socket of accepted) socket.destroy();
  server.close();
});

function dial(): { socket: Socket; reply: () => string; say: (text: string) => void } {
  const socket = connect(proxy.port, "127.0.0.1");
  let reply = "";
  socket.on("data", (chunk) => (reply += String(chunk))).on("error", () => {});
  clients.push(socket);
  return { socket, reply: () => reply, say: (text) => void socket.write(text) };
}

test("the proxy passes data in both directions", async () => {
  const { say, reply } = dial();
  say("hello");
  expect(await waitFor(() => reply() === "hello")).toBe(true);
});

test("a delay keeps the order", async () => {
  const { say, reply } = dial();
  say("a");
  await waitFor(() => reply() === "a");
  proxy.set({ kind: "delay", ms: 30 });
  const began = performance.now();
  say("b");
  await waitFor(() => received.includes("b"));
  proxy.set({ kind: "pass" });
  say("c");
  await waitFor(() => reply() === "abc");
  expect(performance.now() - began).toBeGreaterThanOrEqual(30);
});

test("the loss of a response ends the connection after the server has received the request", async () => {
  const { socket, say, reply } = dial();
  say("first");
  await waitFor(() => reply() === "first");
  proxy.set({ kind: "drop-reply", everyMs: 60_000 });
  say("second");
  await waitFor(() => socket.destroyed);
  expect(received).toEqual(["first", "second"]);
  expect(reply()).toBe("first");
  expect(proxy.dropped()).toBe(1);
  const next = dial();
  next.say("third");
  await waitFor(() => next.reply() === "third"); // Only one response was lost.
});

test("a half-open connection ends on one side, and the other side does not notice until the mode ends", async () => {
  const { socket, say, reply } = dial();
  say("x");
  await waitFor(() => reply() === "x");
  proxy.set({ kind: "half-open", keeps: "client" });
  await waitFor(() => accepted[0]?.destroyed === true);
  say("y");
  const next = dial();
  next.say("z");
  await waitFor(() => next.reply() === "z");
  expect(socket.destroyed).toBe(false);
  expect(received).toEqual(["x", "z"]);
  proxy.set({ kind: "pass" });
  await waitFor(() => socket.destroyed);
});

test("a half-open server keeps a connection whose client has ended", async () => {
  const { socket, say, reply } = dial();
  say("x");
  await waitFor(() => reply() === "x");
  proxy.set({ kind: "half-open", keeps: "server" });
  await waitFor(() => socket.destroyed);
  expect(accepted[0]?.destroyed).toBe(false);
  proxy.set({ kind: "pass" });
  await waitFor(() => accepted[0]?.destroyed === true);
});

test("a black hole holds connections and packets, and releases them at its end", async () => {
  const { say, reply } = dial();
  say("a");
  await waitFor(() => reply() === "a");
  proxy.set({ kind: "black-hole" });
  say("b");
  const next = dial();
  next.say("c");
  await once(next.socket, "connect");
  const other = connect((server.address() as AddressInfo).port, "127.0.0.1");
  clients.push(other);
  other.write("direct");
  await waitFor(() => received.includes("direct")); // By now a packet of the client would have arrived.
  expect(received).toEqual(["a", "direct"]);
  proxy.set({ kind: "pass" });
  await waitFor(() => reply() === "ab" && next.reply() === "c");
});

test("only the responses to a commit and to a produce request can be lost", () => {
  expect(isCommitReply(Buffer.from("C\0\0\0\x0bCOMMIT\0Z"))).toBe(true);
  expect(isCommitReply(Buffer.from("C\0\0\0\x0aBEGIN\0Z"))).toBe(false);
  expect(isProduceResponse(Buffer.from("x"), Buffer.from([0, 0, 0, 9, 0, 0, 0, 7]))).toBe(true);
  expect(isProduceResponse(Buffer.from("x"), Buffer.from([0, 0, 0, 9, 0, 1, 0, 7]))).toBe(false);
});
