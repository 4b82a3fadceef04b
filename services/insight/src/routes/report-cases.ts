import { formatInstant, parseInstant, reportCases, reportCasesQuery, reportParams } from "@crossline/contracts";
import {
  type Http,
  authenticated,
  callerOf,
  isRefusal,
  readCursor,
  refuse,
  send,
  writeCursor,
} from "@crossline/service";
import { z } from "zod";
import { readerOf, selectionOf, selectionRefusals } from "../commands/select.ts";
import { listItems } from "../store/reports.ts";
import type { RouteDeps } from "./deps.ts";

const place = z.tuple([z.iso.datetime(), z.string().max(100), z.string().max(100)]);

/** Registers `GET /v1/reports/{indicator}/cases`. The operator reads no case, so only companies can call it. */
export function serveReportCases(http: Http, deps: RouteDeps): void {
  const { database, authenticate } = deps;
  http.get(
    "/v1/reports/:indicator/cases",
    {
      onRequest: authenticated(authenticate, ["carrier", "vendor"]),
      schema: {
        operationId: "listReportCases",
        summary: "List the cases behind the value of an indicator, the latest first",
        refuses: selectionRefusals,
        params: reportParams,
        querystring: reportCasesQuery,
        response: { 200: reportCases },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const reader = await readerOf(deps, callerOf(request), query.party);
      if (isRefusal(reader)) return refuse(reply, reader);
      const selected = await selectionOf(database, request.params.indicator, reader, query);
      if (isRefusal(selected)) return refuse(reply, selected);
      const after = readCursor(query.cursor, place);
      if (isRefusal(after)) return refuse(reply, after);
      const from = after === undefined ? undefined : { at: parseInstant(after[0]), id: after[1], caseId: after[2] };
      const rows = await listItems(database, selected, from, query.limit + 1);
      const items = rows.slice(0, query.limit).map((row) => ({ ...row, at: formatInstant(row.at) }));
      const last = items.at(-1);
      return send(reply, 200, {
        items,
        ...(rows.length > query.limit && last !== undefined && { next: writeCursor([last.at, last.id, last.caseId]) }),
      });
    },
  );
}
