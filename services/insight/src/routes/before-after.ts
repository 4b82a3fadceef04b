import { type BeforeAfter, beforeAfter, beforeAfterQuery, reportParams } from "@crossline/contracts";
import { type Http, authenticated, callerOf, isRefusal, refuse, send } from "@crossline/service";
import { z } from "zod";
import { compareSides } from "../commands/compare.ts";
import { readerOf, selectionRefusals } from "../commands/select.ts";
import type { RouteDeps } from "./deps.ts";
import { type Table, csvType, sendCsv, wantsCsv } from "./send-report.ts";

/** Registers `GET /v1/reports/{indicator}/before-after`. The cases of each side are those of the same indicator before and after the date. */
export function serveBeforeAfter(http: Http, deps: RouteDeps): void {
  const { database, authenticate } = deps;
  http.get(
    "/v1/reports/:indicator/before-after",
    {
      onRequest: authenticated(authenticate),
      schema: {
        operationId: "compareReport",
        summary: "Compare an indicator before and after a date, or under two versions of a line",
        refuses: selectionRefusals,
        params: reportParams,
        querystring: beforeAfterQuery,
        response: { 200: beforeAfter },
        responses: { 200: { others: { [csvType]: z.string() } } },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const reader = await readerOf(deps, callerOf(request), query.party);
      if (isRefusal(reader)) return refuse(reply, reader);
      const result = await compareSides(database, request.params.indicator, reader, query);
      if (isRefusal(result) || !wantsCsv(request, query.format)) return send(reply, 200, result);
      return sendCsv(reply, tableOf(result));
    },
  );
}

function tableOf({ indicator, unit, before, after, result }: BeforeAfter): Table {
  const interval = result.state === "compared" ? [result.difference, result.low, result.high] : [null, null, null];
  return {
    name: `${indicator}-before-after`,
    header: ["unit", "before", "beforeCount", "after", "afterCount", "state", "difference", "low", "high"],
    rows: [[unit, before.value, before.count, after.value, after.count, result.state, ...interval]],
  };
}
