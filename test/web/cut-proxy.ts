import { type Socket, connect, createServer } from "node:net";

/** A connection between a browser and Crossline that a test can cut. */
export type CutProxy = {
  readonly url: string;
  /** Ends every connection, and refuses new ones. */
  readonly cut: () => Promise<void>;
  /** Accepts connections again. */
  readonly reopen: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Opens a port that passes every byte on to an address. */
export async function openCutProxy(address: string): Promise<CutProxy> {
  const { hostname, port } = new URL(address);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  const listen = (on: number): Promise<void> => new Promise((resolve) => server.listen(on, "127.0.0.1", resolve));
  await listen(0);
  const own = (server.address() as { port: number }).port;
  const cut = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { url: `http://127.0.0.1:${own}`, cut, reopen: () => listen(own), close: cut };
}
