import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import type { Http } from "./create.ts";

/** A listening HTTP server. */
export type Listening = {
  /** The URL has no slash at the end. */
  readonly url: string;
  readonly port: number;
  /**
   * Accepts no new connections, waits up to 5 s for running requests, then closes all connections. `close` can be called twice.
   */
  stop(): Promise<void>;
};

const inFlightMs = 4_500; // The lifecycle allows 5 s for the stop of a component.
const reapMs = 20;

/** Opens the port; 0 means any free port. Throws an error that names the remedy if the port is in use. */
export async function listen(http: Http, address: { host: string; port: number }): Promise<Listening> {
  const plain = http as unknown as FastifyInstance;
  try {
    await plain.listen(address);
  } catch (error) {
    const inUse = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    if (!inUse) throw error;
    const advice = "is in use: stop the program that uses it, or set PORT to another port";
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

/**
 * Closes idle connections repeatedly, because Node keeps a connection open that becomes idle only after the server
 * closes.
 */
async function reapConnections({ server }: FastifyInstance, closed: AbortSignal): Promise<void> {
  const until = performance.now() + inFlightMs;
  while (!closed.aborted && performance.now() < until) {
    server.closeIdleConnections();
    await delay(reapMs, undefined, { signal: closed }).catch(() => undefined);
  }
  server.closeAllConnections();
}
