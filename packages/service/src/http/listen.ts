import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import type { Http } from "./create.ts";

export type Listening = {
  /** Without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Takes no new connections, lets requests in flight finish for up to 5 s, closes kept-alive connections, then all. Twice is fine. */
  stop(): Promise<void>;
};

const inFlightMs = 4_500; // Within the 5 s that the lifecycle gives a part.
const reapMs = 20;

/** Opens the port (0: any free one). Throws an error that says what to do when it cannot be had. */
export async function listen(http: Http, address: { host: string; port: number }): Promise<Listening> {
  const plain = http as unknown as FastifyInstance;
  try {
    await plain.listen(address);
  } catch (error) {
    const inUse = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    if (!inUse) throw error;
    const advice = "is in use: stop what listens there, or set PORT to another";
    throw new Error(`port ${address.port} of ${address.host} ${advice}`, { cause: error });
  }
  const { port, family, address: host } = plain.server.address() as AddressInfo;
  let stopped: Promise<void> | undefined;
  return {
    url: `http://${family === "IPv6" ? `[${host}]` : host}:${port}`,
    port,
    stop: () => (stopped ??= close(plain)),
  };
}

async function close(http: FastifyInstance): Promise<void> {
  const closed = new AbortController();
  const closing = http.close().finally(() => closed.abort());
  await Promise.all([closing, reapConnections(http, closed.signal)]);
}

/** A connection that is busy when the server closes becomes an idle one afterwards, and Node would keep it: so look again and again. */
async function reapConnections({ server }: FastifyInstance, closed: AbortSignal): Promise<void> {
  const until = performance.now() + inFlightMs;
  while (!closed.aborted && performance.now() < until) {
    server.closeIdleConnections();
    await delay(reapMs, undefined, { signal: closed }).catch(() => undefined);
  }
  server.closeAllConnections();
}
