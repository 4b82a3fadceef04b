import { changedCaseResultPage, changedCasesQuery, formatInstant } from "@crossline/contracts";
import { type Http, callerOf, isRefusal, send } from "@crossline/service";
import { listChangedCases } from "../store/changed-cases.ts";
import { changeParams, readChange } from "./changes.ts";
import { placeCursor, readPlaceCursor } from "./cursor.ts";
import type { RouteDeps } from "./deps.ts";
import { visibleCaseOf } from "./read-case.ts";

/** Serves `GET /v1/changes/{id}/cases`, which lists only cases that the caller may read anyway. */
export function serveChangedCases(http: Http, deps: RouteDeps): void {
  http.get(
    "/v1/changes/:id/cases",
    {
      schema: {
        operationId: "listChangedCases",
        summary: "List the cases that are linked to a change and that you may read, newest first",
        tags: ["changes"],
        params: changeParams,
        querystring: changedCasesQuery,
        response: { 200: changedCaseResultPage },
      },
    },
    async (request, reply) => {
      const { cursor, limit } = request.query;
      const caller = callerOf(request);
      const { party } = caller;
      const before = readPlaceCursor(cursor);
      if (isRefusal(before)) return send(reply, 200, before);
      const change = await readChange(deps, request.params.id, caller, reply);
      if (isRefusal(change)) return send(reply, 200, change);
      const { id: changeId, timeline } = change;
      const rows = await listChangedCases(deps.database, { changeId, timeline, party }, { before, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1)?.state : undefined;
      const items = page
        .flatMap((row) => visibleCaseOf(row, party) ?? [])
        .map(({ state: { id, carrierCaseId, carrier, title, symptom, status, openedAt } }) => {
          return { caseId: id, carrierCaseId, carrier, title, symptom, status, openedAt: formatInstant(openedAt) };
        });
      return send(reply, 200, { items, ...(last !== undefined && { next: placeCursor(last) }) });
    },
  );
}
