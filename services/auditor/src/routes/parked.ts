import { refusal } from "@crossline/contracts";
import { listDeadLetters, listParked, replayDeadLetter, replayParked } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { type Http, internalOnly, refuse } from "@crossline/service";
import { z } from "zod";

/** What could not be applied or read here, and the way back: `/internal/parked`, `/internal/dead-letters`. */
export function serveParked(http: Http, { database, internalKey }: { database: Database; internalKey: string }): void {
  const onRequest = internalOnly(internalKey);
  const list = z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(100) });

  http.get("/internal/parked", { onRequest, schema: { hide: true, querystring: list } }, async (request) => ({
    parked: await listParked(database, request.query.limit),
  }));

  http.post(
    "/internal/parked/:key/replay",
    { onRequest, schema: { hide: true, params: z.object({ key: z.string().max(200) }) } },
    async (request, reply) => {
      const requested = await replayParked(database, request.params.key);
      if (!requested) return refuse(reply, refusal("not_found", "Nothing is parked under this key."));
      return reply.code(202).send({ key: request.params.key });
    },
  );

  http.get("/internal/dead-letters", { onRequest, schema: { hide: true, querystring: list } }, async (request) => ({
    deadLetters: await listDeadLetters(database, request.query.limit),
  }));

  http.post(
    "/internal/dead-letters/:id/replay",
    { onRequest, schema: { hide: true, params: z.object({ id: z.coerce.number().int().min(1) }) } },
    async (request, reply) => {
      const { id } = request.params;
      if (await replayDeadLetter(database, id)) return reply.code(202).send({ id });
      return refuse(reply, refusal("not_found", "There is no such dead letter, or it still cannot be read."));
    },
  );
}
