import {
  formatInstant,
  rosterLintResponse,
  rosterLintQuery,
  onDutyResponse,
  onDutyQuery,
  parseInstant,
  rosterParams,
  submittedRoster,
  rosterDocument,
} from "@crossline/contracts";
import { isQuiet, lintRoster, onDuty, unreachablePeople } from "@crossline/domain";
import { now } from "@crossline/postgres";
import { type Http, callerOf, send, isRefusal } from "@crossline/service";
import { noSuchRoster, recountWarningsOf } from "../commands/publish-roster.ts";
import { findDialling } from "../store/dialling.ts";
import { findRoster } from "../store/rosters.ts";
import type { RouteDeps } from "./deps.ts";
import { rosterOwnerRefusals, rosterOwnerOf } from "./roster-owner.ts";

/** Registers the routes that show the people on duty and that lint a roster. */
export function serveOnDuty(http: Http, { allow, database }: RouteDeps): void {
  const onRequest = allow("carrier", "vendor", "operator");
  http.get(
    "/v1/rosters/:name/on-duty",
    {
      onRequest,
      schema: {
        operationId: "readOnDuty",
        summary: "List the people on duty now, or at an instant",
        refuses: rosterOwnerRefusals,
        params: rosterParams,
        querystring: onDutyQuery,
        response: { 200: onDutyResponse },
      },
    },
    async (request, reply) => {
      const party = await rosterOwnerOf(database, callerOf(request), request.query.party);
      if (isRefusal(party)) return send(reply, 200, party);
      const row = await findRoster(database, party, request.params.name);
      if (row === undefined) return send(reply, 200, noSuchRoster);
      const at = request.query.at === undefined ? await now(database) : parseInstant(request.query.at);
      const people = onDuty(row.document, at, true).map((one) => {
        const { id: person, quiet: _, ...reached } = one;
        return { person, ...reached, quiet: isQuiet(one, at) };
      });
      const warnings = recountWarningsOf(row, at);
      const response = { at: formatInstant(at), version: row.version, people };
      return send(reply, 200, warnings.length === 0 ? response : { ...response, warnings: [...warnings] });
    },
  );
  http.post(
    "/v1/rosters/lint",
    {
      onRequest,
      schema: {
        operationId: "lintRoster",
        summary: "Lint a roster without publishing it",
        keyless: true,
        querystring: rosterLintQuery,
        body: submittedRoster,
        sends: { schema: rosterDocument },
        response: { 200: rosterLintResponse },
      },
    },
    async (request, reply) => {
      const { at } = request.query;
      const linted = lintRoster(request.body, at === undefined ? await now(database) : parseInstant(at));
      if (!linted.ok) return send(reply, 200, { faults: [...linted.faults] });
      const unreachable = unreachablePeople(linted.document, await findDialling(database));
      return send(reply, 200, { faults: [], warnings: [...linted.warnings, ...unreachable] });
    },
  );
}
