import { ringTestRequest, startRingTestResponse, rosterOwnerQuery, rosterParams } from "@crossline/contracts";
import { type Http, callerOf, isRefusal, send } from "@crossline/service";
import { ringRoster } from "../commands/ring-roster.ts";
import { sealedAskedOf } from "./asked.ts";
import type { RouteDeps } from "./deps.ts";
import { ofRosterOwner, rosterOwnerOf } from "./roster-owner.ts";

/** Ringing a roster: a party its own, the operator that of the party that it names. Notification says what came of it. */
export function serveRingTests(http: Http, deps: RouteDeps): void {
  http.post(
    "/v1/rosters/:name/ring-test",
    {
      onRequest: deps.gate("carrier", "vendor", "operator"),
      schema: {
        operationId: "startRingTest",
        summary: "Send a page that is marked as a test to each person of a roster, or to some",
        refuses: ofRosterOwner,
        params: rosterParams,
        querystring: rosterOwnerQuery,
        body: ringTestRequest,
        response: { 202: startRingTestResponse },
      },
    },
    async (request, reply) => {
      const party = await rosterOwnerOf(deps.database, callerOf(request), request.query.party);
      if (isRefusal(party)) return send(reply, 202, party);
      const asked = sealedAskedOf(request);
      if (isRefusal(asked)) return send(reply, 202, asked);
      const { people } = request.body ?? {};
      const wanted = { party, name: request.params.name, ...(people !== undefined && { people }) };
      const outcome = await ringRoster(deps, asked, wanted);
      return send(reply, 202, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
}
