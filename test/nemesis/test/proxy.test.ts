import { once } from "node:events";
import { type AddressInfo, type Server, type Socket, connect, createServer } from "node:net";
import { waitFor } from "@crossline/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Proxy, isProduceResponse, startProxy, isCommitReply } from "../proxy.ts";

/* A server that says everything back, behind a proxy. */
let server: Server;
let proxy: Proxy;
let accepted: Socket[] = [];
const heard: string[] = [];
const clients: Socket[] = [];

beforeEach(async () => {
  accepted = [];
  heard.length = 0;
  server = createServer((socket) => {
    accepted.push(socket);
    socket.on("data", (chunk) => (heard.push(String(chunk)), socket.write(chunk))).on("error", () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const dead = createServer();
  dead.listen(0, "127.0.0.1");
  await once(dead, "listening");
  const deadPort = (dead.address() as AddressInfo).port;
  dead.close();
  // The first target answers nobody: the next one is taken.
  proxy = await startProxy({ port: 0, targets: () => [deadPort, (server.address() as AddressInfo).port] });
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.stop();
  for (const socket of accepted) socket.destroy();
  server.close();
});

function dial(): { socket: Socket; said: () => string; say: (text: string) => void } {
  const socket = connect(proxy.port, "127.0.0.1");
  let said = "";
  socket.on("data", (chunk) => (said += String(chunk))).on("error", () => {});
  clients.push(socket);
  return { socket, said: () => said, say: (text) => void socket.write(text) };
}

test("passes what is said, both ways", async () => {
  const { say, said } = dial();
  say("hello");
  expect(await waitFor(() => said() === "hello")).toBe(true);
});

test("a delay keeps the order", async () => {
  const { say, said } = dial();
  say("a");
  await waitFor(() => said() === "a");
  proxy.set({ kind: "delay", ms: 30 });
  const began = performance.now();
  say("b");
  await waitFor(() => heard.includes("b"));
  proxy.set({ kind: "pass" });
  say("c");
  await waitFor(() => said() === "abc");
  expect(performance.now() - began).toBeGreaterThanOrEqual(30);
});

test("a lost reply: the server has heard it, and the connection is gone", async () => {
  const { socket, say, said } = dial();
  say("first");
  await waitFor(() => said() === "first");
  proxy.set({ kind: "drop-reply", everyMs: 60_000 });
  say("second");
  await waitFor(() => socket.destroyed);
  expect(heard).toEqual(["first", "second"]);
  expect(said()).toBe("first");
  expect(proxy.dropped()).toBe(1);
  const next = dial();
  next.say("third");
  await waitFor(() => next.said() === "third"); // One reply, not all of them.
});

test("half open: one side ends, the other hears nothing of it until it is over", async () => {
  const { socket, say, said } = dial();
  say("x");
  await waitFor(() => said() === "x");
  proxy.set({ kind: "half-open", keeps: "client" });
  await waitFor(() => accepted[0]?.destroyed === true);
  say("y");
  const next = dial();
  next.say("z");
  await waitFor(() => next.said() === "z");
  expect(socket.destroyed).toBe(false);
  expect(heard).toEqual(["x", "z"]);
  proxy.set({ kind: "pass" });
  await waitFor(() => socket.destroyed);
});

test("half open the other way: the server keeps a connection whose client is gone", async () => {
  const { socket, say, said } = dial();
  say("x");
  await waitFor(() => said() === "x");
  proxy.set({ kind: "half-open", keeps: "server" });
  await waitFor(() => socket.destroyed);
  expect(accepted[0]?.destroyed).toBe(false);
  proxy.set({ kind: "pass" });
  await waitFor(() => accepted[0]?.destroyed === true);
});

test("a black hole swallows connections and packets, and gives them back when it is over", async () => {
  const { say, said } = dial();
  say("a");
  await waitFor(() => said() === "a");
  proxy.set({ kind: "black-hole" });
  say("b");
  const next = dial();
  next.say("c");
  await once(next.socket, "connect");
  const other = connect((server.address() as AddressInfo).port, "127.0.0.1");
  clients.push(other);
  other.write("beside it");
  await waitFor(() => heard.includes("beside it")); // By then what passes would have passed.
  expect(heard).toEqual(["a", "beside it"]);
  proxy.set({ kind: "pass" });
  await waitFor(() => said() === "ab" && next.said() === "c");
});

test("which replies are worth losing", () => {
  expect(isCommitReply(Buffer.from("C\0\0\0\x0bCOMMIT\0Z"))).toBe(true);
  expect(isCommitReply(Buffer.from("C\0\0\0\x0aBEGIN\0Z"))).toBe(false);
  expect(isProduceResponse(Buffer.from("x"), Buffer.from([0, 0, 0, 9, 0, 0, 0, 7]))).toBe(true);
  expect(isProduceResponse(Buffer.from("x"), Buffer.from([0, 0, 0, 9, 0, 1, 0, 7]))).toBe(false);
});
