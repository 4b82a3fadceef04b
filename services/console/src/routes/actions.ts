import { Readable } from "node:stream";
import { presentPosition, readPosition } from "@crossline/chassis";
import {
  type Refusal,
  actionsPage,
  actionsQuery,
  exportActionsQuery,
  exportedActions,
  refusal,
} from "@crossline/contracts";
import { canonicalJson } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { type Caller, type Http, authenticated, callerOf, isRefusal, refuse, send } from "@crossline/service";
import { readActionHead, readActions } from "../store/action-pages.ts";
import type { RouteDeps } from "./deps.ts";

const exportedRows = 1_000;
const notYours = refusal("forbidden", "Only the operator reads the action log of another company.");

/** Registers `GET /v1/actions` and `GET /v1/actions/export`: the action log of the caller's own company. */
export function serveActions(http: Http, deps: RouteDeps): void {
  serveExport(http, deps);
  const { database, authenticate, partitions } = deps;
  http.get(
    "/v1/actions",
    {
      onRequest: authenticated(authenticate),
      schema: {
        operationId: "readActions",
        summary: "Read the action log of your company: its commands and reads, the oldest first",
        tags: ["console"],
        querystring: actionsQuery,
        response: { 200: actionsPage },
      },
    },
    async (request, reply) => {
      const party = partOf(callerOf(request), request.query.party);
      if (isRefusal(party)) return send(reply, 200, party);
      const { limit } = request.query;
      const [found, head] = await Promise.all([
        readActions(database, { ...request.query, party, limit: limit + 1 }),
        readActionHead(database, party),
      ]);
      const items = found.slice(0, limit);
      const next = found.length > limit ? items.at(-1)?.number : undefined;
      return send(reply, 200, {
        party,
        items,
        ...(next !== undefined && { next }),
        ...(head !== undefined && { head }),
        asOf: presentPosition(await readPosition(database, partitions)),
      });
    },
  );
}

function serveExport(http: Http, { database, authenticate }: RouteDeps): void {
  http.get(
    "/v1/actions/export",
    {
      onRequest: authenticated(authenticate),
      schema: {
        operationId: "exportActions",
        summary: "Export the action log of your company; `crossline actions verify` checks it without a server",
        tags: ["console"],
        querystring: exportActionsQuery,
        responses: { 200: { schema: exportedActions, mediaType: "application/x-ndjson" } },
      },
    },
    async (request, reply) => {
      const party = partOf(callerOf(request), request.query.party);
      if (isRefusal(party)) return refuse(reply, party);
      void reply.header("content-disposition", `attachment; filename="${party}.actions.ndjson"`);
      return reply.type("application/x-ndjson; charset=utf-8").send(Readable.from(exportLog(database, party)));
    },
  );
}

/** Returns the company whose part the caller reads. */
function partOf({ party, kind }: Caller, wanted: string | undefined): string | Refusal {
  return wanted === undefined || wanted === party || kind === "operator" ? (wanted ?? party) : notYours;
}

/** Returns the text of an export in parts. Rows that the log gets during the export are not in the file. */
async function* exportLog(database: Database, party: string): AsyncGenerator<string> {
  const { number: rows = 0, hash: head } = (await readActionHead(database, party)) ?? {};
  for (let after = 0; after < rows; after += exportedRows) {
    const part = await readActions(database, { party, after, limit: Math.min(exportedRows, rows - after) });
    yield part.map((row) => `${canonicalJson(row)}\n`).join("");
  }
  yield `${canonicalJson({ end: { party, rows, head } })}\n`;
}
