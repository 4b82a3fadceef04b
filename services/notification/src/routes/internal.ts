import { refusal, timelineId } from "@crossline/contracts";
import { counts, listDeadLetters, listParked, replayDeadLetter, replayParked } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { type Http, internalOnly, refuse } from "@crossline/service";
import { z } from "zod";
import { countWaiting } from "../store/delivery.ts";

export type InternalRoutesOptions = {
  readonly database: Database;
  readonly internalKey: string;
  /** A replay was asked for. */
  readonly wake: () => void;
};

/** `/internal/…`: for the other services and the operator's tools, not for the public address. */
export function internalRoutes(http: Http, { database, internalKey, wake }: InternalRoutesOptions): void {
  const onRequest = internalOnly(internalKey);
  const hide = true;

  // Besides what every service counts: `pending`, the deliveries to subscriptions of this timeline that are not sent yet.
  http.get(
    "/internal/timelines/:id",
    { onRequest, schema: { hide, params: z.object({ id: timelineId }) } },
    (request, reply) =>
      database.transaction(async (tx) => {
        const { id } = request.params;
        const [counted, pending] = await Promise.all([counts(tx, id), countWaiting(tx, id)]);
        return reply.send({ ...counted, pending });
      }),
  );

  http.get("/internal/parked", { onRequest, schema: { hide } }, async (_request, reply) =>
    reply.send({ parked: await listParked(database) }),
  );

  http.post(
    "/internal/parked/:key/replay",
    { onRequest, schema: { hide, params: z.object({ key: z.string() }) } },
    async (request, reply) => {
      const asked = await replayParked(database, request.params.key);
      if (!asked) return refuse(reply, refusal("not_found", "Nothing with this key is parked."));
      wake();
      return reply.code(202).send({ requested: true });
    },
  );

  http.get("/internal/dead-letters", { onRequest, schema: { hide } }, async (_request, reply) =>
    reply.send({ deadLetters: await listDeadLetters(database) }),
  );

  http.post(
    "/internal/dead-letters/:id/replay",
    { onRequest, schema: { hide, params: z.object({ id: z.coerce.number().int().min(1) }) } },
    async (request, reply) => {
      const read = await replayDeadLetter(database, request.params.id);
      if (!read)
        return refuse(reply, refusal("not_found", "There is no such dead letter, or it still cannot be read."));
      wake();
      return reply.code(202).send({ requested: true });
    },
  );
}
