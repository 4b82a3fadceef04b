import { publishedRoster, rosterOwnerQuery, rosterParams, submittedRoster, rosterDocument } from "@crossline/contracts";
import { type Http, callerOf, isRefusal, send } from "@crossline/service";
import { publishRoster } from "../commands/publish-roster.ts";
import { sealedCommandRequestOf } from "./command-request.ts";
import type { RouteDeps } from "./deps.ts";
import { rosterOwnerRefusals, rosterOwnerOf } from "./roster-owner.ts";

/**
 * Registers the routes that publish rosters. A party publishes its own rosters, and the operator publishes the rosters of any
 * company.
 */
export function serveRosterPublishing(http: Http, { allow, database }: RouteDeps): void {
  const onRequest = allow("carrier", "vendor", "operator");
  const querystring = rosterOwnerQuery;
  const response = { 201: publishedRoster };
  http.post(
    "/v1/rosters",
    {
      onRequest,
      schema: {
        operationId: "publishRoster",
        summary: "Publish a roster",
        refuses: [...rosterOwnerRefusals, "already_exists", "roster_does_not_lint", "limit_reached"],
        querystring,
        body: submittedRoster,
        sends: { schema: rosterDocument },
        response,
      },
    },
    async (request, reply) => {
      const party = await rosterOwnerOf(database, callerOf(request), request.query.party);
      if (isRefusal(party)) return send(reply, 201, party);
      const commandRequest = sealedCommandRequestOf(request);
      if (isRefusal(commandRequest)) return send(reply, 201, commandRequest);
      const outcome = await publishRoster(database, commandRequest, { party, written: request.body });
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  http.post(
    "/v1/rosters/:name/versions",
    {
      onRequest,
      schema: {
        operationId: "publishRosterVersion",
        summary: "Publish a new version of a roster",
        refuses: [...rosterOwnerRefusals, "roster_does_not_lint", "limit_reached"],
        params: rosterParams,
        querystring,
        body: submittedRoster,
        sends: { schema: rosterDocument },
        response,
      },
    },
    async (request, reply) => {
      const party = await rosterOwnerOf(database, callerOf(request), request.query.party);
      if (isRefusal(party)) return send(reply, 201, party);
      const commandRequest = sealedCommandRequestOf(request);
      if (isRefusal(commandRequest)) return send(reply, 201, commandRequest);
      const { name } = request.params;
      const outcome = await publishRoster(database, commandRequest, { party, name, written: request.body });
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
}
