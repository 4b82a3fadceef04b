import { once } from "node:events";
import { type AddressInfo, type Socket, connect, createServer } from "node:net";

/**
 * The behaviour of the network between a client and its server:
 *
 * - `delay`: every packet takes longer in both directions, and the packets keep their order.
 * - `drop-reply`: at intervals the server executes a request, but its response is lost together with the connection.
 * - `half-open`: the open connections end on one side only, and the other side does not notice.
 * - `black-hole`: no packet passes in either direction. When the mode ends, the packets arrive late, because TCP sends
 *   them again.
 */
export type Mode =
  | { readonly kind: "pass" }
  | { readonly kind: "delay"; readonly ms: number }
  | { readonly kind: "drop-reply"; readonly everyMs: number }
  | { readonly kind: "half-open"; readonly keeps: "client" | "server" }
  | { readonly kind: "black-hole" };

export type Proxy = {
  readonly port: number;
  readonly set: (mode: Mode) => void;
  /** The number of lost responses since the start. */
  readonly dropped: () => number;
  readonly stop: () => Promise<void>;
};

type Options = {
  /** 0 selects a free port. */
  readonly port: number;
  /** The ports of the servers. The proxy uses the first server that accepts the connection. */
  readonly targets: () => readonly number[];
  /** Selects the responses that may be lost. By default every response may be lost. */
  readonly isWanted?: (reply: Buffer, request: Buffer) => boolean;
};

/**
 * Returns true for the response to a commit. The loss of this response is the most harmful loss, because the client
 * does not know that the transaction is committed.
 */
export function isCommitReply(reply: Buffer): boolean {
  return reply.includes("COMMIT\0");
}

/**
 * Returns true for the response to a produce request (API key 0). If this response is lost, the topic has the records,
 * but the producer does not know it.
 */
export function isProduceResponse(_: Buffer, request: Buffer): boolean {
  return request.length >= 6 && request.readInt16BE(4) === 0;
}

/** Starts a TCP proxy on 127.0.0.1, whose network a fault can disturb while it runs. */
export async function startProxy({ port, targets, isWanted = () => true }: Options): Promise<Proxy> {
  let mode: Mode = { kind: "pass" };
  let dropped = 0;
  let nextDropAt = 0;
  const links = new Set<Link>();

  const isLost = (reply: Buffer, request: Buffer): boolean => {
    if (mode.kind !== "drop-reply" || performance.now() < nextDropAt || !isWanted(reply, request)) return false;
    nextDropAt = performance.now() + mode.everyMs;
    dropped++;
    return true;
  };
  const server = createServer((client) => {
    const link = createLink(client, { targets: targets(), mode: () => mode, isLost });
    links.add(link);
    client.once("close", () => link.isOver() && links.delete(link));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");

  return {
    port: (server.address() as AddressInfo).port,
    dropped: () => dropped,
    set(next) {
      const before = mode;
      mode = next;
      nextDropAt = 0;
      if (next.kind === "half-open") for (const link of links) link.halve(next.keeps);
      else if (before.kind === "half-open") for (const link of links) link.endIfHalved();
      for (const link of links) {
        if (next.kind === "black-hole") link.hold();
        else link.goOn();
        if (link.isOver()) links.delete(link);
      }
    },
    async stop() {
      for (const link of links) link.end();
      server.close();
      await once(server, "close");
    },
  };
}

type Link = ReturnType<typeof createLink>;

type Network = {
  readonly targets: readonly number[];
  readonly mode: () => Mode;
  readonly isLost: (reply: Buffer, request: Buffer) => boolean;
};

/** Connects one client with its server. */
function createLink(client: Socket, { targets, mode, isLost }: Network) {
  let upstream: Socket | undefined;
  let request: Buffer = Buffer.alloc(0);
  let isHalved = false;
  const end = (): void => {
    client.destroy();
    upstream?.destroy();
  };

  function open(index: number): void {
    const port = targets[index];
    if (port === undefined) return end();
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => (socket.pending ? open(index + 1) : undefined));
    socket.once("connect", () => {
      upstream = socket.setNoDelay(true);
      socket.on(
        "data",
        carry(client, (reply) => isLost(reply, request) && (end(), true)),
      );
      client.on(
        "data",
        carry(socket, (chunk) => ((request = chunk), false)),
      );
      socket.once("close", () => (isHalved ? undefined : client.destroy()));
      client.once("close", () => (isHalved ? undefined : socket.destroy()));
      if (mode().kind === "black-hole") hold();
      else client.resume();
    });
  }

  function carry(to: Socket, swallow: (chunk: Buffer) => boolean): (chunk: Buffer) => void {
    let waiting = Promise.resolve();
    let queued = 0;
    return (chunk) => {
      if (isHalved || swallow(chunk)) return;
      const now = mode();
      const waitMs = now.kind === "delay" ? now.ms : 0;
      if (waitMs === 0 && queued === 0) return void to.write(chunk);
      queued++;
      const due = new Promise((resolve) => setTimeout(resolve, waitMs));
      waiting = waiting.then(() => due).then(() => (queued--, void (to.writable && to.write(chunk))));
    };
  }

  function hold(): void {
    client.pause();
    upstream?.pause();
  }

  client.setNoDelay(true).on("error", () => {});
  // In a black hole, new connections wait too.
  let isWaiting = mode().kind === "black-hole";
  if (isWaiting) client.pause();
  else open(0);

  return {
    end,
    hold,
    isOver: () => client.destroyed && (upstream === undefined || upstream.destroyed),
    goOn(): void {
      if (client.destroyed) return;
      if (isWaiting) open(0);
      isWaiting = false;
      if (upstream === undefined) return; // Without a connection to the server, the client's data would be lost.
      client.resume();
      upstream.resume();
    },
    halve(keeps: "client" | "server"): void {
      if (upstream === undefined) return;
      isHalved = true;
      (keeps === "client" ? upstream : client).destroy();
    },
    endIfHalved: () => (isHalved ? end() : undefined),
  };
}
