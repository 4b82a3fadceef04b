import {
  formatInstant,
  caughtUpResponse,
  caughtUpQuery,
  refusal,
  timelineId,
  timelineKind,
} from "@crossline/contracts";
import { type Http, isRefusal, send } from "@crossline/service";
import { z } from "zod";
import { findTimeline } from "../store/timelines.ts";
import { takeLock } from "../timelines/scheduler.ts";
import { caughtUpWithinMs } from "../timelines/await-caught-up.ts";
import type { RouteDeps } from "./deps.ts";

const params = z.object({ id: timelineId });
const hide = true;

/** Serves `POST /internal/timelines/{id}/quiet`. Routing calls this route to wait until a stepped timeline is caught up. */
export function serveInternal(http: Http, deps: RouteDeps): void {
  const { database, scheduler, awaitCaughtUp } = deps;

  http.post(
    "/internal/timelines/:id/quiet",
    { schema: { hide, params, querystring: caughtUpQuery, response: { 200: caughtUpResponse } } },
    async (request, reply) => {
      const { id } = request.params;
      const { party } = request.query;
      if (timelineKind(id) !== "stepped")
        return send(reply, 200, refusal("timeline_ended", "Only a stepped timeline can be caught up."));
      const deadline = performance.now() + caughtUpWithinMs;
      const result = await scheduler.runAlone({ timeline: id, party, deadline }, (place) =>
        database.transaction(async (tx) => {
          const locked = await takeLock(tx, id, place);
          if (locked !== undefined) return locked;
          const row = await findTimeline(tx, id);
          if (row === undefined || row.mark === null) return refusal("not_found", "No timeline has this id.");
          const status = await awaitCaughtUp(id, row.mark, place);
          return isRefusal(status) ? status : { mark: formatInstant(row.mark) };
        }),
      );
      return send(reply, 200, result);
    },
  );
}
