import { once } from "node:events";
import { METHODS } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Listening, listen } from "../../src/index.ts";
import { createApp } from "./app.ts";

let server: Listening;
beforeAll(async () => {
  const { http } = await createApp();
  server = await listen(http, { host: "127.0.0.1", port: 0 });
});
afterAll(() => server.stop());

/** Every method that Node's parser knows, and some that it does not know. */
const otherMethods = [...METHODS.filter((method) => method !== "POST"), "FOO", "query", "X-1!"];

async function call(method: string, address: string, more = "") {
  const socket = connect(server.port, "127.0.0.1").on("error", () => {});
  await once(socket, "connect");
  socket.write(`${method} ${address} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${more}\r\n`);
  const [head = "", body = ""] = (await text(socket)).split("\r\n\r\n");
  const [, status, type, allow] = [/^HTTP\/1\.1 (\d+)/, /content-type: ([^;\r]+)/, /allow: (.+)/].reduce<string[]>(
    (found, form) => [...found, form.exec(head)?.[1] ?? "none"],
    [""],
  );
  return { status, type, allow, code: method === "HEAD" ? "none" : JSON.parse(body || "{}").code };
}

test.each(otherMethods)(
  "%s gets a 405 with Allow on a known address, and a 404 on an unknown address",
  async (method) => {
    const code = (name: string): string => (method === "HEAD" ? "none" : name);
    const type = "application/problem+json";
    const allow = "POST";
    expect(await call(method, "/v1/things")).toEqual({ status: "405", type, allow, code: code("method_not_allowed") });
    expect(await call(method, "/nothing")).toEqual({ status: "404", type, allow: "none", code: code("not_found") });
  },
);

test("the body of a request to an unknown address is not read", async () => {
  const body = "content-type: text/nonsense\r\ncontent-length: 5\r\n";
  expect(await call("QUERY", "/v1/things", body)).toMatchObject({ status: "405" });
  expect(await call("POST", "/nothing", body)).toMatchObject({ status: "404" });
});

test("bytes that are no request line get a 400", async () => {
  expect(await call("FO(O", "/v1/things")).toMatchObject({ status: "400", code: "invalid_request" });
});
