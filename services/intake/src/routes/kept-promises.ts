import { promiseReport, timelineId, wall } from "@crossline/contracts";
import { now } from "@crossline/postgres";
import { type Http, callerOf, send } from "@crossline/service";
import { z } from "zod";
import { countPromises } from "../store/kept-promises.ts";
import { findTimeline } from "../store/timelines.ts";
import { awaitEffectsBeforeRead } from "../timelines/before-read.ts";
import type { RouteDeps } from "./deps.ts";

const query = z.strictObject({ timeline: timelineId.default("wall") });

/** Serves `GET /v1/reports/promises`, which counts the promises in the cases that the caller may read. */
export function serveKeptPromises(http: Http, deps: RouteDeps): void {
  const { database } = deps;
  http.get(
    "/v1/reports/promises",
    {
      schema: {
        operationId: "reportPromises",
        summary: "Report how many promises each party has kept",
        querystring: query,
        response: { 200: promiseReport },
      },
    },
    async (request, reply) => {
      const { timeline } = request.query;
      const caller = callerOf(request);
      await awaitEffectsBeforeRead(deps, caller, timeline, reply);
      const mark = timeline === wall ? undefined : (await findTimeline(database, timeline))?.mark;
      const present = mark ?? (await now(database));
      const rows = await countPromises(database, { party: caller.party, timeline, now: present });
      const items = rows.map((row) => {
        const due = row.kept + row.late + row.broken;
        return { ...row, ...(due > 0 && { keptRate: Math.round((100 * row.kept) / due) }) };
      });
      return send(reply, 200, { items });
    },
  );
}
