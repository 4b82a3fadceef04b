import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { type Tracing, noTracing, openTracing, parseTraceparent } from "../src/index.ts";

const client = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7";

/** A receiver with a configurable response, which counts its requests. */
async function receiver(status: number) {
  const state = { requests: 0 };
  const server = createServer((request, response) => {
    state.requests++;
    request.resume();
    response.writeHead(status).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { state, close, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const lines: string[] = [];
const log = { warn: (_: object, message: string) => void lines.push(message) };
const open = (endpoint: string, share = 1): Promise<Tracing> => openTracing({ service: "test", endpoint, share, log });

test("without an endpoint tracing is off, a span returns the `traceparent` of its parent, and OpenTelemetry is not loaded", async () => {
  const tracing = await openTracing({ service: "test", endpoint: undefined, share: 1, log });
  expect(tracing).toBe(noTracing);
  expect(tracing.span("x", { kind: "server", parent: `${client}-01` }).traceparent).toBe(`${client}-01`);
  expect(tracing.span("x", { kind: "server" }).traceparent).toBeUndefined();
  const door = new URL("../src/index.ts", import.meta.url).href;
  const program = `
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    const { openTracing } = await import(${JSON.stringify(door)});
    const count = () => loaded.filter((url) => url.includes("opentelemetry")).length;
    await openTracing({ service: "test", endpoint: undefined, share: 1 });
    const off = count();
    await openTracing({ service: "test", endpoint: "http://127.0.0.1:1", share: 1 });
    console.log(JSON.stringify({ off, on: count() > 0 }));
    process.exit();`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  expect(JSON.parse(output)).toEqual({ off: 0, on: true });
});

test("the client's sampling decision applies for any share, and the share applies to new traces", async () => {
  const { endpoint, close } = await receiver(200);
  const [all, none] = await Promise.all([open(endpoint, 1), open(endpoint, 0)]);
  const flags = (tracing: Tracing, parent?: string) =>
    tracing.span("x", { kind: "server", parent }).traceparent?.slice(-2);
  expect([flags(all, `${client}-01`), flags(none, `${client}-01`)]).toEqual(["01", "01"]);
  expect([flags(all, `${client}-00`), flags(none, `${client}-00`)]).toEqual(["00", "00"]);
  expect([flags(all), flags(none)]).toEqual(["01", "00"]);
  const child = all.span("x", { kind: "server", parent: `${client}-01` }).traceparent;
  expect(child?.slice(0, 36)).toBe(client.slice(0, 36));
  expect(child).not.toContain("00f067aa0ba902b7");
  expect(flags(all, "00-damaged")).toBe("01"); // a new trace
  await Promise.all([all.stop(), none.stop()]);
  close();
});

test("a receiver that fails causes one log message, and delays neither work nor the stop", async () => {
  const { endpoint, close, state } = await receiver(400);
  const tracing = await open(endpoint);
  for (let count = 0; count < 5_000; count++) tracing.span("x", { kind: "internal" }).end();
  await tracing.stop();
  await tracing.stop();
  expect(state.requests).toBeGreaterThan(0);
  expect(lines).toEqual(["traces could not be sent and are dropped"]);
  close();
});

test.each([
  [`${client}-01`, `${client}-01`],
  ["cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", `${client}-01`],
  [`${client}-01-more`, undefined],
  ["00-00000000000000000000000000000000-00f067aa0ba902b7-01", undefined],
  [undefined, undefined],
])("traceparent %s is parsed as %s", (header, read) => {
  expect(parseTraceparent(header)).toBe(read);
});
