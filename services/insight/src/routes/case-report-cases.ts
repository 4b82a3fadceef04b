import { caseReportCases, caseReportCasesQuery, formatInstant, parseInstant } from "@crossline/contracts";
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
import { caseSelectionOf } from "../commands/case-reports.ts";
import { readerOf, selectionRefusals } from "../commands/select.ts";
import { listCases } from "../store/crossed-cases.ts";
import type { RouteDeps } from "./deps.ts";

const place = z.tuple([z.iso.datetime(), z.string().max(100)]);

/** Registers the lists of the cases behind the training debt and the outcomes. The operator reads no case. */
export function serveCaseReportCases(http: Http, deps: RouteDeps): void {
  serveList(http, deps, { report: "training-debt", operationId: "listTrainingDebtCases", isCrossed: true });
  serveList(http, deps, { report: "outcomes", operationId: "listOutcomeCases", isCrossed: false });
}

function serveList(
  http: Http,
  deps: RouteDeps,
  { report, operationId, isCrossed }: { report: string; operationId: string; isCrossed: boolean },
): void {
  const { database, authenticate } = deps;
  http.get(
    `/v1/reports/${report}/cases`,
    {
      onRequest: authenticated(authenticate, ["carrier"]),
      schema: {
        operationId,
        summary: `List the cases behind the report ${report}, the latest first`,
        refuses: selectionRefusals,
        querystring: caseReportCasesQuery,
        response: { 200: caseReportCases },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const reader = await readerOf(deps, callerOf(request), query.party);
      if (isRefusal(reader)) return refuse(reply, reader);
      const selected = await caseSelectionOf(database, reader, query);
      if (isRefusal(selected)) return refuse(reply, selected);
      const cursor = readCursor(query.cursor, place);
      if (isRefusal(cursor)) return refuse(reply, cursor);
      const after = cursor === undefined ? undefined : ([parseInstant(cursor[0]), cursor[1]] as const);
      const rows = await listCases(database, selected, { isCrossed, after, limit: query.limit + 1 });
      const items = rows.slice(0, query.limit).map((row) => ({ ...row, openedAt: formatInstant(row.openedAt) }));
      const last = items.at(-1);
      return send(reply, 200, {
        items,
        ...(rows.length > query.limit && last !== undefined && { next: writeCursor([last.openedAt, last.caseId]) }),
      });
    },
  );
}
