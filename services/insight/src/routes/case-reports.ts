import {
  type OutcomesReport,
  type TrainingDebtReport,
  caseReportQuery,
  outcomes,
  trainingDebt,
} from "@crossline/contracts";
import { type Http, authenticated, callerOf, isRefusal, refuse, send } from "@crossline/service";
import { z } from "zod";
import { reportOutcomes, reportTrainingDebt } from "../commands/case-reports.ts";
import { readerOf, selectionRefusals } from "../commands/select.ts";
import type { Cell } from "./csv.ts";
import type { RouteDeps } from "./deps.ts";
import { type Table, csvType, sendCsv, wantsCsv } from "./send-report.ts";

const asCsv = { others: { [csvType]: z.string() } };

/** Registers `GET /v1/reports/training-debt` and `GET /v1/reports/outcomes`, which only the carrier and the operator can read. */
export function serveCaseReports(http: Http, deps: RouteDeps): void {
  const { database, authenticate } = deps;
  const onRequest = authenticated(authenticate, ["carrier", "operator"]);
  http.get(
    "/v1/reports/training-debt",
    {
      onRequest,
      schema: {
        operationId: "readTrainingDebt",
        summary: "Find the symptoms and devices that the carrier holds long and vendors fix fast",
        refuses: selectionRefusals,
        querystring: caseReportQuery,
        response: { 200: trainingDebt },
        responses: { 200: asCsv },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const reader = await readerOf(deps, callerOf(request), query.party);
      if (isRefusal(reader)) return refuse(reply, reader);
      const result = await reportTrainingDebt(database, reader, query);
      if (isRefusal(result) || !wantsCsv(request, query.format)) return send(reply, 200, result);
      return sendCsv(reply, debtTable(result));
    },
  );
  http.get(
    "/v1/reports/outcomes",
    {
      onRequest,
      schema: {
        operationId: "readOutcomes",
        summary: "Compare the outcome of each model with the other models in the same channel",
        refuses: selectionRefusals,
        querystring: caseReportQuery,
        response: { 200: outcomes },
        responses: { 200: asCsv },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const reader = await readerOf(deps, callerOf(request), query.party);
      if (isRefusal(reader)) return refuse(reply, reader);
      const result = await reportOutcomes(database, reader, query);
      if (isRefusal(result) || !wantsCsv(request, query.format)) return send(reply, 200, result);
      return sendCsv(reply, outcomeTable(result));
    },
  );
}

function debtTable({ items }: TrainingDebtReport): Table {
  const header = ["symptom", "device", "cases", "waitedHours", "medianHeldMs", "medianFixedMs", "probability"] as const;
  return { name: "training-debt", header, rows: items.map((item) => header.map((name): Cell => item[name])) };
}

function outcomeTable({ items }: OutcomesReport): Table {
  return {
    name: "outcomes",
    header: ["model", "channel", "cases", "measure", "verdict", "value", "others", "low", "high"],
    rows: items.flatMap(({ model, channel, cases, differences }) =>
      Object.entries(differences).map(([measure, one]): Cell[] => {
        const numbers = "value" in one ? [one.value, one.others, one.low, one.high] : [null, null, null, null];
        return [model, channel, cases, measure, one.verdict, ...numbers];
      }),
    ),
  };
}
