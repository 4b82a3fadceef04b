import { caseHandoffs, caseParams, takeResponse, takeRequest } from "@crossline/contracts";
import { type Http, callerOf, isRefusal, send, setTimelineHeader } from "@crossline/service";
import { findVisibleCase, noSuchCase, takeCase } from "../commands/take-case.ts";
import { listHandoffsOfCase } from "../store/handoffs.ts";
import { askedOf } from "./asked.ts";
import { ofCaseSteps } from "./case-steps.ts";
import type { RouteDeps } from "./deps.ts";
import { presentCaseHandoffs, presentOf, rowAsOf } from "./present-handoff.ts";

/** `/v1/cases/{id}/…`, as far as it is about who has the case. */
export function serveCases(http: Http, deps: RouteDeps): void {
  const { gate, database } = deps;
  const params = caseParams;
  http.get(
    "/v1/cases/:id/handoffs",
    {
      onRequest: gate("carrier", "vendor", "operator"),
      schema: {
        operationId: "listCaseHandoffs",
        summary: "Where a case has crossed to, and who had it for how long",
        params,
        response: { 200: caseHandoffs },
      },
    },
    async (request, reply) => {
      const { party, kind } = callerOf(request);
      const { id } = request.params;
      const found = await findVisibleCase(database, id, { party, kind });
      if (found === undefined) return send(reply, 200, noSuchCase);
      setTimelineHeader(reply, found.state.timeline);
      const rows = await listHandoffsOfCase(database, id, kind === "vendor" ? party : undefined);
      const { state, endedAt } = found;
      const present = endedAt ?? (await presentOf(database, state.timeline));
      const shown = endedAt === undefined ? rows : rows.map((row) => rowAsOf(row, endedAt));
      return send(reply, 200, presentCaseHandoffs(state, shown, present));
    },
  );
  http.post(
    "/v1/cases/:id/take",
    {
      onRequest: gate("carrier", "vendor"),
      schema: {
        operationId: "takeCase",
        summary: "Take a case that the last resort is called for, or that a roster is paged for",
        refuses: ofCaseSteps,
        params,
        body: takeRequest,
        response: { 200: takeResponse },
      },
    },
    async (request, reply) => {
      const { person, engineer } = request.body;
      const asked = askedOf(request, person);
      if (isRefusal(asked)) return send(reply, 200, asked);
      const outcome = await takeCase(deps, asked, request.params.id, engineer);
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
}
