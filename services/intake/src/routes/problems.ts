import { formatInstant, resultPageLimit, problemList, timelineId } from "@crossline/contracts";
import { type Http, callerOf, send } from "@crossline/service";
import { z } from "zod";
import { listProblems } from "../store/problems.ts";
import { awaitEffectsBeforeRead } from "../timelines/before-read.ts";
import type { RouteDeps } from "./deps.ts";

const query = z.strictObject({ timeline: timelineId.default("wall"), limit: resultPageLimit });

/**
 * Serves `GET /v1/problems`. Each problem is a required item that is missing in one channel so often that the carrier must fix the
 * channel.
 */
export function serveProblems(http: Http, deps: RouteDeps): void {
  http.get(
    "/v1/problems",
    {
      schema: {
        operationId: "listProblems",
        summary: "List the problems of your channels, newest first",
        tags: ["cases"],
        querystring: query,
        response: { 200: problemList },
      },
    },
    async (request, reply) => {
      const { timeline, limit } = request.query;
      const caller = callerOf(request);
      await awaitEffectsBeforeRead(deps, caller, timeline, reply);
      const rows = await listProblems(deps.database, caller.party, timeline, limit);
      const items = rows.map(({ problemId: id, kind, channel, item, cases, at, caseId }) => {
        return { id, kind, channel, item, cases, openedAt: formatInstant(at), caseId };
      });
      return send(reply, 200, { items });
    },
  );
}
