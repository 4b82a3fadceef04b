import { caseId, partyId, refusal, timelineId, timelineReport } from "@crossline/contracts";
import { readingOf, sightOf } from "@crossline/domain";
import { counts, listDeadLetters, listParked, replayDeadLetter, replayParked } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { type Http, internalOnly, send } from "@crossline/service";
import { z } from "zod";
import { findCase } from "../store/case-crossings.ts";

export type InternalRouteDeps = {
  readonly database: Database;
  readonly internalKey: string;
  /** A replay was asked for. */
  readonly wake: () => void;
};

const list = z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(100) });
/** Whether a company has a part in a case, or had one. */
const reads = z.object({ reads: z.boolean() });
const requested = z.object({ requested: z.literal(true) });

/** `/internal/…`: for the other services and the operator's tools, never passed on by the public address. */
export function addInternalRoutes(http: Http, { database, internalKey, wake }: InternalRouteDeps): void {
  const onRequest = internalOnly(internalKey);
  const hide = true;
  http.get(
    "/internal/timelines/:id",
    { onRequest, schema: { hide, params: z.object({ id: timelineId }), response: { 200: timelineReport } } },
    async (request, reply) => send(reply, 200, await counts(database, request.params.id)),
  );
  http.get(
    "/internal/cases/:id/readers/:party",
    { onRequest, schema: { hide, params: z.object({ id: caseId, party: partyId }), response: { 200: reads } } },
    async (request) => {
      const { id, party } = request.params;
      const found = await findCase(database, id, party);
      return { reads: found !== undefined && sightOf(readingOf(found.state), party) !== "nothing" };
    },
  );
  http.get("/internal/parked", { onRequest, schema: { hide, querystring: list } }, async (request) => ({
    parked: await listParked(database, request.query.limit),
  }));
  http.post(
    "/internal/parked/:key/replay",
    { onRequest, schema: { hide, params: z.object({ key: z.string().max(200) }), response: { 202: requested } } },
    async (request, reply) => {
      const isParked = await replayParked(database, request.params.key);
      if (isParked) wake();
      return send(
        reply,
        202,
        isParked ? { requested: true } : refusal("not_found", "Nothing is parked under this key."),
      );
    },
  );
  http.get("/internal/dead-letters", { onRequest, schema: { hide, querystring: list } }, async (request) => ({
    deadLetters: await listDeadLetters(database, request.query.limit),
  }));
  http.post(
    "/internal/dead-letters/:id/replay",
    {
      onRequest,
      schema: { hide, params: z.object({ id: z.coerce.number().int().min(1) }), response: { 202: requested } },
    },
    async (request, reply) => {
      const isRead = await replayDeadLetter(database, request.params.id);
      if (isRead) wake();
      const unread = refusal("not_found", "There is no such dead letter, or it still cannot be read.");
      return send(reply, 202, isRead ? { requested: true } : unread);
    },
  );
}
