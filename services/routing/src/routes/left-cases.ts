import { caseId, formatInstant, leftCasePage, skillChangesQuery, skillParams } from "@crossline/contracts";
import { type Http, callerOf, isRefusal, readCursor, send, writeCursor } from "@crossline/service";
import { z } from "zod";
import { listLeftCases } from "../store/missing-skills.ts";
import type { RouteDeps } from "./deps.ts";
import { cursorInstant } from "./queues.ts";
import { skillOwnerOf, skillOwnerRefusals } from "./skill-owner.ts";

const place = z
  .tuple([cursorInstant, caseId, z.int()])
  .transform(([at, id, sequence]) => ({ at, caseId: id, sequence }));

/** Registers the route with which a company reads the cases that left because a person lacked a skill. */
export function serveLeftCases(http: Http, { allow, database }: RouteDeps): void {
  http.get(
    "/v1/skills/:person/missing",
    {
      onRequest: allow("carrier", "vendor", "operator"),
      schema: {
        operationId: "listLeftCases",
        summary: "List the cases that left because this person lacked a skill, newest first",
        refuses: skillOwnerRefusals,
        params: skillParams,
        querystring: skillChangesQuery,
        response: { 200: leftCasePage },
      },
    },
    async (request, reply) => {
      const { party: named, cursor, limit } = request.query;
      const party = await skillOwnerOf(database, callerOf(request), named);
      if (isRefusal(party)) return send(reply, 200, party);
      const before = readCursor(cursor, place);
      if (isRefusal(before)) return send(reply, 200, before);
      const { person } = request.params;
      const rows = await listLeftCases(database, { party, person }, before, limit + 1);
      const listed = rows.slice(0, limit);
      const last = listed.at(-1);
      return send(reply, 200, {
        items: listed.map(({ caseId: id, timeline, at, level, to }) => ({
          caseId: id,
          timeline,
          at: formatInstant(at),
          level,
          to,
        })),
        ...(rows.length > limit && last !== undefined && { next: writeCursor([last.at, last.caseId, last.sequence]) }),
      });
    },
  );
}
