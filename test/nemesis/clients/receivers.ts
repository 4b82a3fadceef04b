import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { History } from "../history.ts";

type Behaviour = "well" | "slow" | "failing";

export type Receiver = {
  readonly name: string;
  readonly url: string;
  /** Returns whether the receiver accepted the webhook with this id. */
  readonly has: (id: string) => boolean;
  /** Changes the receiver's behaviour for a time. */
  readonly beFor: (behaviour: Behaviour, forMs: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

const slowMs = 4_000;

/**
 * Starts a webhook receiver. In the mode `slow` the receiver responds after 4 s. In the mode `failing` the receiver
 * refuses the request or closes the connection. The history has only the accepted webhooks.
 */
export async function startReceiver(name: string, port: number, history: History): Promise<Receiver> {
  let behaviour: Behaviour = "well";
  let failed = 0;
  const taken = new Set<string>();
  const server = createServer((request, response) => {
    request.resume();
    const id = String(request.headers["webhook-id"] ?? "");
    const take = (): void => {
      taken.add(id);
      history.write({ e: "webhook", at: Date.now(), receiver: name, id });
      response.writeHead(204).end();
    };
    request.once("end", () => {
      if (behaviour === "slow") setTimeout(take, slowMs);
      else if (behaviour === "well") take();
      else if (failed++ % 2 === 0) response.writeHead(500).end();
      else request.socket.destroy();
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    name,
    url: `http://127.0.0.1:${port}/hook`,
    has: (id) => taken.has(id),
    async beFor(next, forMs) {
      behaviour = next;
      await delay(forMs);
      behaviour = "well";
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
