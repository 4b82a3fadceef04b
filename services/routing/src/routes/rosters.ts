import {
  publishedRoster,
  rosterListQuery,
  rosterOwnerQuery,
  rosterResultPage,
  rosterParams,
  rosterVersionParams,
  slug,
} from "@crossline/contracts";
import { now } from "@crossline/postgres";
import { type Http, callerOf, send, isRefusal, readCursor, writeCursor } from "@crossline/service";
import { noSuchRoster, presentRoster, recountWarningsOf } from "../commands/publish-roster.ts";
import { findRoster, listRosters } from "../store/rosters.ts";
import type { RouteDeps } from "./deps.ts";
import { rosterOwnerRefusals, rosterOwnerOf } from "./roster-owner.ts";

const querystring = rosterOwnerQuery;

/** Registers the routes that read rosters. A company reads its own rosters, and the operator reads the rosters of any company. */
export function serveRosters(http: Http, deps: RouteDeps): void {
  const { allow, database } = deps;
  const onRequest = allow("carrier", "vendor", "operator");
  http.get(
    "/v1/rosters",
    {
      onRequest,
      schema: {
        operationId: "listRosters",
        summary: "List the newest version of each roster",
        refuses: rosterOwnerRefusals,
        querystring: rosterListQuery,
        response: { 200: rosterResultPage },
      },
    },
    async (request, reply) => {
      const { limit, cursor, party: named } = request.query;
      const party = await rosterOwnerOf(database, callerOf(request), named);
      if (isRefusal(party)) return send(reply, 200, party);
      const after = readCursor(cursor, slug);
      if (isRefusal(after)) return send(reply, 200, after);
      const rows = await listRosters(database, party, after ?? "", limit + 1);
      const items = rows.slice(0, limit).map((row) => presentRoster(row));
      return send(reply, 200, {
        items,
        ...(rows.length > limit && { next: writeCursor(items.at(-1)?.roster.name) }),
      });
    },
  );
  http.get(
    "/v1/rosters/:name",
    {
      onRequest,
      schema: {
        operationId: "readRoster",
        summary: "Read the newest version of a roster",
        refuses: rosterOwnerRefusals,
        params: rosterParams,
        querystring,
        response: { 200: publishedRoster },
      },
    },
    async (request, reply) => {
      const party = await rosterOwnerOf(database, callerOf(request), request.query.party);
      if (isRefusal(party)) return send(reply, 200, party);
      const row = await findRoster(database, party, request.params.name);
      if (row === undefined) return send(reply, 200, noSuchRoster);
      const warnings = row.counted ? [] : recountWarningsOf(row, await now(database));
      return send(reply, 200, presentRoster(row, warnings));
    },
  );
  serveRosterVersion(http, deps);
}

function serveRosterVersion(http: Http, { allow, database }: RouteDeps): void {
  http.get(
    "/v1/rosters/:name/versions/:version",
    {
      onRequest: allow("carrier", "vendor", "operator"),
      schema: {
        operationId: "readRosterVersion",
        summary: "Read one version of a roster",
        refuses: rosterOwnerRefusals,
        params: rosterVersionParams,
        querystring,
        response: { 200: publishedRoster },
      },
    },
    async (request, reply) => {
      const party = await rosterOwnerOf(database, callerOf(request), request.query.party);
      if (isRefusal(party)) return send(reply, 200, party);
      const { name, version } = request.params;
      const row = await findRoster(database, party, name, version);
      return send(reply, 200, row === undefined ? noSuchRoster : presentRoster(row));
    },
  );
}
