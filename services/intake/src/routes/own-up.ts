import { draftResponse, draftQuery, refusal } from "@crossline/contracts";
import { draftApology, mistakesOf } from "@crossline/domain";
import { type Http, callerOf, isRefusal, send } from "@crossline/service";
import type { RouteDeps } from "./deps.ts";
import { caseParams, readVisible } from "./visible-case.ts";

const timerUnavailable = refusal("unavailable", "The timer, which has the clocks of the case, is unreachable.", {
  retryAfterSeconds: 1,
});

/** Serves the draft of an apology that owns up to the carrier's mistakes in a case. Crossline never sends the draft itself. */
export function serveOwnUp(http: Http, deps: RouteDeps): void {
  http.get(
    "/v1/cases/:id/messages/draft",
    {
      schema: {
        operationId: "draftMessage",
        summary: "Draft an apology from the clocks and the promises of the case",
        refuses: ["forbidden", "unavailable"],
        params: caseParams,
        querystring: draftQuery,
        response: { 200: draftResponse },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { language, zone } = request.query;
      const visible = await readVisible(deps, request.params.id, caller, reply);
      if (isRefusal(visible)) return send(reply, 200, visible);
      if (caller.party !== visible.state.carrier)
        return send(reply, 200, refusal("forbidden", "Only the carrier of the case answers the customer."));
      const report = await deps.services.clocksOf(request.params.id, request.headers.authorization ?? "");
      if (report === undefined) return send(reply, 200, timerUnavailable);
      const { state, at } = visible;
      const mistakes = mistakesOf(state, report.clocks, at);
      const text = draftApology(state, mistakes, { language, zone });
      return send(reply, 200, { mistakes: mistakes.length, ...(text !== undefined && { text }) });
    },
  );
}
