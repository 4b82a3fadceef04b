import { overrideRequest, publishedRoster, rosterOwnerQuery, rosterParams, swapRequest } from "@crossline/contracts";
import { type Http, callerOf, isRefusal, send } from "@crossline/service";
import { addToRoster } from "../commands/publish-roster.ts";
import { sealedCommandRequestOf } from "./command-request.ts";
import type { RouteDeps } from "./deps.ts";
import { rosterOwnerRefusals, rosterOwnerOf } from "./roster-owner.ts";

/** Registers the routes for overrides and swaps. Each request publishes a new version of the roster. */
export function serveRosterChanges(http: Http, { allow, database }: RouteDeps): void {
  const onRequest = allow("carrier", "vendor", "operator");
  const querystring = rosterOwnerQuery;
  const response = { 201: publishedRoster };
  http.post(
    "/v1/rosters/:name/overrides",
    {
      onRequest,
      schema: {
        operationId: "overrideRoster",
        summary: "Add an override; this publishes a new version of the roster",
        refuses: [...rosterOwnerRefusals, "roster_does_not_lint", "limit_reached"],
        params: rosterParams,
        querystring,
        body: overrideRequest,
        response,
      },
    },
    async (request, reply) => {
      const party = await rosterOwnerOf(database, callerOf(request), request.query.party);
      if (isRefusal(party)) return send(reply, 201, party);
      const commandRequest = sealedCommandRequestOf(request);
      if (isRefusal(commandRequest)) return send(reply, 201, commandRequest);
      const { name } = request.params;
      const outcome = await addToRoster(database, commandRequest, { party, name }, { overrides: [request.body] });
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  http.post(
    "/v1/rosters/:name/swaps",
    {
      onRequest,
      schema: {
        operationId: "swapTurns",
        summary: "Swap the turns of two people; this publishes a new version of the roster",
        refuses: [...rosterOwnerRefusals, "roster_does_not_lint", "limit_reached"],
        params: rosterParams,
        querystring,
        body: swapRequest,
        response,
      },
    },
    async (request, reply) => {
      const party = await rosterOwnerOf(database, callerOf(request), request.query.party);
      if (isRefusal(party)) return send(reply, 201, party);
      const commandRequest = sealedCommandRequestOf(request);
      if (isRefusal(commandRequest)) return send(reply, 201, commandRequest);
      const { name } = request.params;
      const outcome = await addToRoster(database, commandRequest, { party, name }, { swaps: [request.body] });
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
}
