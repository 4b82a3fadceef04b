import {
  type PublishedLine,
  formatInstant,
  lineListQuery,
  lineOwnerQuery,
  lineResultPage,
  lineParams,
  lineVersionParams,
  publishedLine,
  slug,
} from "@crossline/contracts";
import { builtinDocument, builtinRef } from "@crossline/domain";
import { type Http, callerOf, send, isRefusal, readCursor, writeCursor } from "@crossline/service";
import { type LineRow, findLine, listLines } from "../store/lines.ts";
import type { RouteDeps } from "./deps.ts";
import { noSuchLine, lineOwnerRefusals, lineOwnerOf } from "./line-owner.ts";

const builtin: PublishedLine = { line: builtinRef, document: builtinDocument };

/**
 * Registers the routes that read lines. A carrier reads its own lines, and the operator reads the lines of any carrier. Carriers
 * and the operator can read the built-in line.
 */
export function serveLines(http: Http, deps: RouteDeps): void {
  const { allow, database } = deps;
  const onRequest = allow("carrier", "operator");
  http.get(
    "/v1/lines",
    {
      onRequest,
      schema: {
        operationId: "listLines",
        summary: "List the newest version of each line",
        refuses: lineOwnerRefusals,
        querystring: lineListQuery,
        response: { 200: lineResultPage },
      },
    },
    async (request, reply) => {
      const { limit, cursor, carrier: named } = request.query;
      const carrier = await lineOwnerOf(database, callerOf(request), named);
      if (isRefusal(carrier)) return send(reply, 200, carrier);
      const after = readCursor(cursor, slug);
      if (isRefusal(after)) return send(reply, 200, after);
      const rows = await listLines(database, carrier, after ?? "", limit + 1);
      const items = rows.slice(0, limit).map(present);
      if (rows.length <= limit) return send(reply, 200, { items: [...items, builtin] });
      return send(reply, 200, { items, next: writeCursor(items.at(-1)?.line.name) });
    },
  );
  http.get(
    "/v1/lines/:name",
    {
      onRequest,
      schema: {
        operationId: "readLine",
        summary: "Read the newest version of a line",
        refuses: lineOwnerRefusals,
        params: lineParams,
        querystring: lineOwnerQuery,
        response: { 200: publishedLine },
      },
    },
    async (request, reply) => {
      const carrier = await lineOwnerOf(database, callerOf(request), request.query.carrier);
      if (isRefusal(carrier)) return send(reply, 200, carrier);
      const row = await findLine(database, carrier, request.params.name);
      return send(reply, 200, row === undefined ? noSuchLine : present(row));
    },
  );
  serveLineVersion(http, deps);
}

function serveLineVersion(http: Http, { allow, database }: RouteDeps): void {
  http.get(
    "/v1/lines/:name/versions/:version",
    {
      onRequest: allow("carrier", "operator"),
      schema: {
        operationId: "readLineVersion",
        summary: "Read one version of a line",
        refuses: lineOwnerRefusals,
        params: lineVersionParams,
        querystring: lineOwnerQuery,
        response: { 200: publishedLine },
      },
    },
    async (request, reply) => {
      const { name, version } = request.params;
      if (request.query.carrier === builtinRef.carrier) {
        return send(reply, 200, name === builtinRef.name && version === builtinRef.version ? builtin : noSuchLine);
      }
      const carrier = await lineOwnerOf(database, callerOf(request), request.query.carrier);
      if (isRefusal(carrier)) return send(reply, 200, carrier);
      const row = await findLine(database, carrier, name, version);
      return send(reply, 200, row === undefined ? noSuchLine : present(row));
    },
  );
}

function present({ carrier, name, version, document, calendars, createdAt }: LineRow): PublishedLine {
  return {
    line: { carrier, name, version },
    document,
    ...(calendars !== undefined && { calendars }),
    createdAt: formatInstant(createdAt),
  };
}
