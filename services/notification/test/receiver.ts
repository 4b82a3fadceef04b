import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type ReceivedRequest = { readonly id: string; readonly headers: Record<string, string>; readonly body: string };

export type Receiver = {
  readonly url: string;
  /** All requests, in the order of arrival. */
  readonly received: ReceivedRequest[];
  /** Returns the parsed bodies of all requests. */
  events(): {
    id: string;
    sequence: string;
    type: string;
    subject: string;
    timeline: string;
    data: Record<string, unknown>;
  }[];
  close(): Promise<void>;
};

type Answer = (response: ServerResponse, received: ReceivedRequest, request: IncomingMessage) => void;

/** Starts a webhook receiver on this machine. By default the receiver returns 204. */
export async function startReceiver(answer: Answer = (response) => response.writeHead(204).end()): Promise<Receiver> {
  const received: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const headers = request.headers as Record<string, string>;
    const one = { id: headers["webhook-id"] ?? "", headers, body };
    received.push(one);
    answer(response, one, request);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    events: () => received.map(({ body }) => JSON.parse(body)),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
