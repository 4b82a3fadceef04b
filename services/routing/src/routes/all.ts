import type { Http } from "@crossline/service";
import { serveCalendars } from "./calendars.ts";
import { serveCaseCommands } from "./case-commands.ts";
import { serveCases } from "./cases.ts";
import { serveRosterChanges } from "./change-rosters.ts";
import { serveCodeReport } from "./code-report.ts";
import { serveDefaultLine } from "./default-line.ts";
import { serveHandoffs } from "./handoffs.ts";
import { serveHolidays } from "./holidays.ts";
import { serveInternal } from "./internal.ts";
import { serveLines } from "./lines.ts";
import { serveOnDuty } from "./on-duty.ts";
import { serveOpenQueues } from "./open-queues.ts";
import { serveRosterPreviews } from "./preview-rosters.ts";
import { serveCalendarPublishing } from "./publish-calendars.ts";
import { serveLinePublishing } from "./publish-lines.ts";
import { serveRosterPublishing } from "./publish-rosters.ts";
import { serveQueues } from "./queues.ts";
import { serveRingTests } from "./ring-tests.ts";
import { serveRosters } from "./rosters.ts";
import type { RouteDeps } from "./deps.ts";

/** Registers all routes of routing. */
export function serveRouting(http: Http, deps: RouteDeps): void {
  serveLinePublishing(http, deps);
  serveDefaultLine(http, deps);
  serveLines(http, deps);
  serveRosterPublishing(http, deps);
  serveRosterChanges(http, deps);
  serveRosterPreviews(http, deps);
  serveRosters(http, deps);
  serveRingTests(http, deps);
  serveOnDuty(http, deps);
  serveCalendarPublishing(http, deps);
  serveCalendars(http, deps);
  serveHolidays(http, deps);
  serveOpenQueues(http, deps);
  serveQueues(http, deps);
  serveHandoffs(http, deps);
  serveCases(http, deps);
  serveCaseCommands(http, deps);
  serveCodeReport(http, deps);
  serveInternal(http, deps);
}
