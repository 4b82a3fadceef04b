import { once } from "node:events";
import { type RequestListener, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { findRunning } from "../src/running.ts";

const ownKey = "key-of-this-checkout";

/** Starts a server on a free port of this machine, and returns the port. */
async function listen(respond: RequestListener): Promise<number> {
  const server = createServer(respond).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** Finds the running Crossline as if `port` were the saved port. */
function findAtSavedPort(port: number | undefined) {
  const state: Record<string, string> = { "operator-key": ownKey, ...(port !== undefined && { port: String(port) }) };
  return findRunning(undefined, (name) => state[name]);
}

/** Returns a handler that responds as a Crossline with this operator key does. */
function crosslineWith(operatorKey: string): RequestListener {
  return ({ headers }, response) => {
    const isKnown = headers.authorization === `Bearer ${operatorKey}`;
    response.writeHead(isKnown ? 200 : 401, { "content-type": "application/json" });
    response.end(JSON.stringify(isKnown ? { items: [] } : { code: "unauthorized" }));
  };
}

test("a verb finds this checkout's Crossline at the saved port", async () => {
  const port = await listen(crosslineWith(ownKey));
  expect(await findAtSavedPort(port)).toMatchObject({ url: `http://127.0.0.1:${port}`, ports: { timer: port + 1 } });
});

test("a given port takes precedence over the saved port", async () => {
  const [port, old] = [await listen(crosslineWith(ownKey)), await listen(crosslineWith("another"))];
  const state: Record<string, string> = { "operator-key": ownKey, port: String(old) };
  expect(await findRunning(port, (name) => state[name])).toMatchObject({ url: `http://127.0.0.1:${port}` });
});

test.each<[string, RequestListener]>([
  ["the Crossline of another checkout", crosslineWith("another")],
  ["another program", (_, response) => void response.end("<html></html>")],
])("%s at the saved port is refused", async (_, respond) => {
  await expect(findAtSavedPort(await listen(respond))).rejects.toThrow(
    /is not the Crossline of this checkout: run `npx -y pnpm start` .* or name the port of the running one with --port/,
  );
});

test("if no program listens at the saved port, the message names the remedy", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await once(server.close(), "close");
  await expect(findAtSavedPort(port)).rejects.toThrow(/^No Crossline responds at .*: run `npx -y pnpm start`/);
});

test("if Crossline is not ready, the message asks for a retry", async () => {
  const port = await listen((_, response) => void response.writeHead(503).end());
  await expect(findAtSavedPort(port)).rejects.toThrow("is not ready yet: try again in a moment");
});

test("before the first start of Crossline, the message names the command that starts Crossline", async () => {
  await expect(findRunning(undefined, () => undefined)).rejects.toThrow(
    "Crossline has not been started from this checkout yet",
  );
});
