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
import { noSuchRoster, recountedIn } from "../commands/publish-roster.ts";
import { findDialling } from "../store/dialling.ts";
import { findRoster } from "../store/rosters.ts";
import type { RouteDeps } from "./deps.ts";
import { ofRosterOwner, rosterOwnerOf } from "./roster-owner.ts";

/** What a roster says: who is on duty, and what is wrong with one that somebody is about to publish. */
export function serveOnDuty(http: Http, { gate, database }: RouteDeps): void {
  const onRequest = gate("carrier", "vendor", "operator");
  http.get(
    "/v1/rosters/:name/on-duty",
    {
      onRequest,
      schema: {
        operationId: "readOnDuty",
        summary: "Who is on duty now, or at an instant",
        refuses: ofRosterOwner,
        params: rosterParams,
        querystring: onDutyQuery,
        response: { 200: onDutyResponse },
      },
    },
    async (request, reply) => {
      const party = await rosterOwnerOf(database, callerOf(request), request.query.party);
      if (isRefusal(party)) return send(reply, 200, party);
      const found = await findRoster(database, party, request.params.name);
      if (found === undefined) return send(reply, 200, noSuchRoster);
      const at = request.query.at === undefined ? await now(database) : parseInstant(request.query.at);
      const people = onDuty(found.document, at, true).map((one) => {
        const { id: person, quiet: _, ...reached } = one;
        return { person, ...reached, quiet: isQuiet(one, at) };
      });
      const warnings = recountedIn(found, at);
      const answer = { at: formatInstant(at), version: found.version, people };
      return send(reply, 200, warnings.length === 0 ? answer : { ...answer, warnings: [...warnings] });
    },
  );
  http.post(
    "/v1/rosters/lint",
    {
      onRequest,
      schema: {
        operationId: "lintRoster",
        summary: "Look for faults in a roster; nothing is kept",
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
