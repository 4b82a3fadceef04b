import { once } from "node:events";
import { type RequestListener, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { findRunning } from "../src/running.ts";

const ownKey = "key-of-this-checkout";

/** A program on a port of this machine. */
async function listen(answer: RequestListener): Promise<number> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** What the verbs find where this port is remembered. */
function findRemembered(port: number | undefined) {
  const kept: Record<string, string> = { "operator-key": ownKey, ...(port !== undefined && { port: String(port) }) };
  return findRunning(undefined, (name) => kept[name]);
}

/** A Crossline that knows one operator's key. */
function crosslineWith(operatorKey: string): RequestListener {
  return ({ headers }, response) => {
    const isKnown = headers.authorization === `Bearer ${operatorKey}`;
    response.writeHead(isKnown ? 200 : 401, { "content-type": "application/json" });
    response.end(JSON.stringify(isKnown ? { items: [] } : { code: "unauthorized" }));
  };
}

test("this checkout's Crossline is found at the remembered port", async () => {
  const port = await listen(crosslineWith(ownKey));
  expect(await findRemembered(port)).toMatchObject({ url: `http://127.0.0.1:${port}`, ports: { timer: port + 1 } });
});

test("a port that is given goes before the remembered one", async () => {
  const [port, old] = [await listen(crosslineWith(ownKey)), await listen(crosslineWith("another"))];
  const kept: Record<string, string> = { "operator-key": ownKey, port: String(old) };
  expect(await findRunning(port, (name) => kept[name])).toMatchObject({ url: `http://127.0.0.1:${port}` });
});

test.each<[string, RequestListener]>([
  ["the Crossline of another checkout", crosslineWith("another")],
  ["a program that answers anything", (_, response) => void response.end("<html></html>")],
])("%s at the remembered port is not taken for it", async (_, answer) => {
  await expect(findRemembered(await listen(answer))).rejects.toThrow(
    /is not the Crossline of this checkout: run `npx -y pnpm start` .* or name the port of the running one with --port/,
  );
});

test("nothing at the remembered port is said with what to do", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await once(server.close(), "close");
  await expect(findRemembered(port)).rejects.toThrow(/^No Crossline answers at .*: run `npx -y pnpm start`/);
});

test("a Crossline that is not ready yet is named", async () => {
  const port = await listen((_, response) => void response.writeHead(503).end());
  await expect(findRemembered(port)).rejects.toThrow("is not ready yet: try again in a moment");
});

test("without any start there is no key", async () => {
  await expect(findRunning(undefined, () => undefined)).rejects.toThrow("Nothing was started from this checkout yet");
});
