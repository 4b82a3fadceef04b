import { serveRebuild } from "@crossline/chassis";
import type { Http } from "@crossline/service";
import { serveBeforeAfter } from "./before-after.ts";
import { serveCaseReportCases } from "./case-report-cases.ts";
import { serveCaseReports } from "./case-reports.ts";
import type { RouteDeps } from "./deps.ts";
import { serveReportCases } from "./report-cases.ts";
import { serveReports } from "./reports.ts";

/** The tables whose content follows from the topics. */
const projectedTables = ["reported_case", "holder_change", "crossing", "assignment", "promise", "former_device"];

/** Registers all routes of insight. */
export function serveInsight(http: Http, deps: RouteDeps): void {
  serveRebuild(http, { ...deps, tables: projectedTables });
  serveReports(http, deps);
  serveReportCases(http, deps);
  serveBeforeAfter(http, deps);
  serveCaseReports(http, deps);
  serveCaseReportCases(http, deps);
}
