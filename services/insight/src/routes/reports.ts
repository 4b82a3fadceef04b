import { type Report, indicatorList, indicatorName, report, reportParams, reportQuery } from "@crossline/contracts";
import { indicators } from "@crossline/domain";
import { type Http, authenticated, callerOf, isRefusal, refuse, send } from "@crossline/service";
import { z } from "zod";
import { createReport } from "../commands/report.ts";
import { dimensionsFor, readerOf, selectionRefusals } from "../commands/select.ts";
import type { RouteDeps } from "./deps.ts";
import { type Table, csvType, sendCsv, wantsCsv } from "./send-report.ts";

/** Registers the routes that list the indicators and read a report. */
export function serveReports(http: Http, deps: RouteDeps): void {
  const { database, authenticate } = deps;
  const onRequest = authenticated(authenticate);
  http.get(
    "/v1/reports",
    {
      onRequest,
      schema: {
        operationId: "listIndicators",
        summary: "List the indicators that the caller can read, with their definitions",
        response: { 200: indicatorList },
      },
    },
    async (request, reply) => {
      const { kind } = callerOf(request);
      const items = indicatorName.options.flatMap((indicator) => {
        const dimensions = dimensionsFor(indicator, { isVendor: kind === "vendor" });
        const { title, definition, unit } = indicators[indicator];
        return dimensions === undefined ? [] : [{ indicator, title, definition, unit, dimensions: [...dimensions] }];
      });
      return send(reply, 200, { items });
    },
  );
  http.get(
    "/v1/reports/:indicator",
    {
      onRequest,
      schema: {
        operationId: "readReport",
        summary: "Read the value of an indicator by groups, as JSON or as CSV",
        refuses: selectionRefusals,
        params: reportParams,
        querystring: reportQuery,
        response: { 200: report },
        responses: { 200: { others: { [csvType]: z.string() } } },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const reader = await readerOf(deps, callerOf(request), query.party);
      if (isRefusal(reader)) return refuse(reply, reader);
      const result = await createReport(database, request.params.indicator, reader, query);
      if (isRefusal(result) || !wantsCsv(request, query.format)) return send(reply, 200, result);
      return sendCsv(reply, tableOf(result));
    },
  );
}

function tableOf({ indicator, items, unit }: Report): Table {
  const [first = { group: {}, parts: {} }] = items;
  const [groups, parts] = [Object.keys(first.group), Object.keys(first.parts)];
  return {
    name: indicator,
    header: [...groups, "value", "unit", "count", ...parts],
    rows: items.map((row) => [
      ...groups.map((name) => row.group[name] ?? null),
      row.value,
      unit,
      row.count,
      ...parts.map((name) => row.parts[name] ?? null),
    ]),
  };
}
