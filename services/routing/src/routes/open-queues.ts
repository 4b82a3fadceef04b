import {
  type Refusal,
  openQueue,
  openQueueList,
  openQueueRequest,
  partyOf,
  queueParams,
  refusal,
} from "@crossline/contracts";
import { type Http, callerOf, refuse, send } from "@crossline/service";
import { isOwnQueue } from "../commands/command-handoff.ts";
import { openQueue as saveOpen } from "../commands/open-queue.ts";
import { findOpenQueues, findQueuesOnLines, listQueuesOpenTo } from "../store/open-queues.ts";
import type { RouteDeps } from "./deps.ts";

const notOwnQueue: Refusal = refusal("not_found", "The name of your queue must begin with your own name.");
const noOpenQueue: Refusal = refusal("not_found", "You have not opened a queue with this name.");

/**
 * Registers the routes with which a vendor opens and closes its queues, and with which a carrier lists the queues that are open
 * to it.
 */
export function serveOpenQueues(http: Http, { allow, database }: RouteDeps): void {
  http.get(
    "/v1/queues/open",
    {
      onRequest: allow("carrier"),
      schema: {
        operationId: "listOpenQueues",
        summary: "List the queues that your lines can name",
        response: { 200: openQueueList },
      },
    },
    async (request, reply) => {
      const { party } = callerOf(request);
      const [opened, onLines] = await Promise.all([
        listQueuesOpenTo(database, party),
        findQueuesOnLines(database, party),
      ]);
      const queues = [...new Set([...opened, ...onLines])].toSorted();
      return send(reply, 200, { items: queues.map((queue) => ({ queue, vendor: partyOf(queue) })) });
    },
  );
  http.put(
    "/v1/queues/:queue",
    {
      onRequest: allow("vendor"),
      schema: {
        operationId: "openQueue",
        refuses: ["limit_reached", "unknown_party"],
        summary: "Open your queue to all carriers, or to those that you name",
        params: queueParams,
        body: openQueueRequest,
        response: { 200: openQueue },
      },
    },
    async (request, reply) => {
      const { party } = callerOf(request);
      const { queue } = request.params;
      if (!isOwnQueue(party, queue)) return send(reply, 200, notOwnQueue);
      const carriers = request.body.carriers === undefined ? undefined : [...new Set(request.body.carriers)].toSorted();
      const refused = await saveOpen(database, party, { queue, carriers: carriers ?? null });
      return send(reply, 200, refused ?? { queue, ...(carriers !== undefined && { carriers }) });
    },
  );
  http.delete(
    "/v1/queues/:queue",
    {
      onRequest: allow("vendor"),
      schema: {
        operationId: "closeQueue",
        summary: "Close your queue; the hand-offs in it stay",
        params: queueParams,
      },
    },
    async (request, reply) => {
      const { party } = callerOf(request);
      const { queue } = request.params;
      const opened = await findOpenQueues(database, [party]);
      if (!opened.some((one) => one.queue === queue)) return refuse(reply, noOpenQueue);
      const refused = await saveOpen(database, party, { queue, carriers: [] });
      return refused === undefined ? reply.code(204).send() : refuse(reply, refused);
    },
  );
}
