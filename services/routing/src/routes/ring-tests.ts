import { ringTestRequest, startRingTestResponse, rosterOwnerQuery, rosterParams } from "@crossline/contracts";
import { type Http, callerOf, isRefusal, send } from "@crossline/service";
import { ringRoster } from "../commands/ring-roster.ts";
import { sealedCommandRequestOf } from "./command-request.ts";
import type { RouteDeps } from "./deps.ts";
import { rosterOwnerRefusals, rosterOwnerOf } from "./roster-owner.ts";

/**
 * Registers the route with which the roster's party or the operator starts a ring test. A route of notification returns the
 * result of the ring test.
 */
export function serveRingTests(http: Http, deps: RouteDeps): void {
  http.post(
    "/v1/rosters/:name/ring-test",
    {
      onRequest: deps.allow("carrier", "vendor", "operator"),
      schema: {
        operationId: "startRingTest",
        summary: "Start a ring test: send a test page to all people of a roster, or to some",
        refuses: rosterOwnerRefusals,
        params: rosterParams,
        querystring: rosterOwnerQuery,
        body: ringTestRequest,
        response: { 202: startRingTestResponse },
      },
    },
    async (request, reply) => {
      const party = await rosterOwnerOf(deps.database, callerOf(request), request.query.party);
      if (isRefusal(party)) return send(reply, 202, party);
      const commandRequest = sealedCommandRequestOf(request);
      if (isRefusal(commandRequest)) return send(reply, 202, commandRequest);
      const { people } = request.body ?? {};
      const target = { party, name: request.params.name, ...(people !== undefined && { people }) };
      const outcome = await ringRoster(deps, commandRequest, target);
      return send(reply, 202, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
}
