import {
  formatInstant,
  quietAnswer,
  quietQuery,
  refusal,
  timelineId,
  timelineKind,
  timelineReport,
} from "@crossline/contracts";
import { counts, listDeadLetters, listParked, replayDeadLetter, replayParked } from "@crossline/messaging";
import { type Http, isRefusal, refuse, send } from "@crossline/service";
import { z } from "zod";
import { quietWithinMs } from "../commands/stepped.ts";
import { findTimeline } from "../store/timelines.ts";
import { takeLock } from "../workers/drive.ts";
import type { RouteDeps } from "./deps.ts";

const params = z.object({ id: timelineId });
const hide = true;

/** For the other services and for who operates them; never on the public address' proxy. */
export function serveInternal(http: Http, deps: RouteDeps & { readonly wake: () => void }): void {
  const { database, drive, awaitQuiet, wake } = deps;

  http.get(
    "/internal/timelines/:id",
    { schema: { hide, params, response: { 200: timelineReport } } },
    async (request, reply) => send(reply, 200, await counts(database, request.params.id)),
  );

  http.post(
    "/internal/timelines/:id/quiet",
    { schema: { hide, params, querystring: quietQuery, response: { 200: quietAnswer } } },
    async (request, reply) => {
      const { id } = request.params;
      const { party } = request.query;
      if (timelineKind(id) !== "stepped")
        return send(reply, 200, refusal("timeline_ended", "Only a stepped timeline comes to rest."));
      const deadline = performance.now() + quietWithinMs;
      const answer = await drive.alone({ timeline: id, party, deadline }, (place) =>
        database.transaction(async (tx) => {
          const locked = await takeLock(tx, id, place);
          if (locked !== undefined) return locked;
          const row = await findTimeline(tx, id);
          if (row === undefined || row.mark === null) return refusal("not_found", "There is no timeline with this id.");
          const standing = await awaitQuiet(id, row.mark, place);
          return isRefusal(standing) ? standing : { mark: formatInstant(row.mark) };
        }),
      );
      return send(reply, 200, answer);
    },
  );

  const list = z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(100) });
  http.get("/internal/parked", { schema: { hide, querystring: list } }, async (request) => ({
    parked: await listParked(database, request.query.limit),
  }));
  http.post(
    "/internal/parked/:key/replay",
    { schema: { hide, params: z.object({ key: z.string().max(200) }) } },
    async (request, reply) => {
      const { key } = request.params;
      if (!(await replayParked(database, key))) {
        return refuse(reply, refusal("not_found", "Nothing is parked under this key."));
      }
      wake();
      return reply.code(202).send({ key });
    },
  );
  http.get("/internal/dead-letters", { schema: { hide, querystring: list } }, async (request) => ({
    deadLetters: await listDeadLetters(database, request.query.limit),
  }));
  http.post(
    "/internal/dead-letters/:id/replay",
    { schema: { hide, params: z.object({ id: z.coerce.number().int().min(1) }) } },
    async (request, reply) => {
      const { id } = request.params;
      if (!(await replayDeadLetter(database, id))) {
        return refuse(reply, refusal("not_found", "There is no such dead letter, or it still cannot be read."));
      }
      wake();
      return reply.code(202).send({ id });
    },
  );
}
