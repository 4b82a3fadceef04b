import type { Tx } from "@crossline/postgres";
import { timelineId } from "@crossline/contracts";
import { countTimeline } from "@crossline/messaging";
import { type Http, internalOnly, servePressure } from "@crossline/service";
import { z } from "zod";
import { type OperationRouteDeps, serveOperation } from "./operation.ts";
import { type HeadsRouteDeps, serveHeads } from "./heads.ts";
import { serveDeadLetters, serveParked } from "./parked.ts";

export type InternalRouteDeps = OperationRouteDeps &
  HeadsRouteDeps & {
    readonly timelineReport?: (tx: Tx, timeline: string) => Promise<object>;
  };

/**
 * Adds the routes under `/internal` that every service has, for the other services and the operator. Callers need the internal
 * key.
 */
export function serveInternal(http: Http, deps: InternalRouteDeps): void {
  const { database, internalKey, running } = deps;
  servePressure(http, internalKey, running);
  serveOperation(http, deps);
  serveHeads(http, deps);
  serveTimelineReport(http, deps);
  const parkedDeps = { database, onRequest: internalOnly(internalKey), wake: () => running.consumer.wake() };
  serveParked(http, parkedDeps);
  serveDeadLetters(http, parkedDeps);
}

/**
 * Serves `GET /internal/timelines/{id}`. For each topic of a stepped timeline, the response counts the records that the
 * service has added to its outbox. The response also counts the records that the service has applied.
 */
function serveTimelineReport(http: Http, { database, internalKey, timelineReport }: InternalRouteDeps): void {
  http.get(
    "/internal/timelines/:id",
    { onRequest: internalOnly(internalKey), schema: { hide: true, params: z.object({ id: timelineId }) } },
    (request) =>
      database.transaction(async (tx) => {
        const { id } = request.params;
        const [counted, own] = await Promise.all([countTimeline(tx, id), timelineReport?.(tx, id)]);
        return { ...counted, ...own };
      }),
  );
}
