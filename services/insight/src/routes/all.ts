import type { Http } from "@crossline/service";
import { serveBeforeAfter } from "./before-after.ts";
import { serveCaseReportCases } from "./case-report-cases.ts";
import { serveCaseReports } from "./case-reports.ts";
import type { RouteDeps } from "./deps.ts";
import { servePosition } from "./position.ts";
import { serveReportCases } from "./report-cases.ts";
import { serveReports } from "./reports.ts";

/** Registers all routes of insight. */
export function serveInsight(http: Http, deps: RouteDeps): void {
  servePosition(http, deps);
  serveReports(http, deps);
  serveReportCases(http, deps);
  serveBeforeAfter(http, deps);
  serveCaseReports(http, deps);
  serveCaseReportCases(http, deps);
}
