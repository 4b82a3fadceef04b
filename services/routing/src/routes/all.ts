import type { Authenticator } from "@crossline/access";
import { type Http, authenticated } from "@crossline/service";
import type { Desk } from "../commands/change-case.ts";
import type { QueueReads } from "../workers/queue-reads.ts";
import { addCalendarRoutes } from "./calendars.ts";
import { addCaseStepRoutes } from "./case-steps.ts";
import { addCaseRoutes } from "./cases.ts";
import { addRosterChangeRoutes } from "./change-rosters.ts";
import { addCodeReportRoute } from "./code-report.ts";
import { addDefaultLineRoutes } from "./default-line.ts";
import type { Gate } from "./gate.ts";
import { addHandoffRoutes } from "./handoffs.ts";
import { addHolidayRoute } from "./holidays.ts";
import { addInternalRoutes } from "./internal.ts";
import { addLineRoutes } from "./lines.ts";
import { addOnDutyRoutes } from "./on-duty.ts";
import { addOpenQueueRoutes } from "./open-queues.ts";
import { addRosterPreviewRoutes } from "./preview-rosters.ts";
import { addCalendarPublishingRoutes } from "./publish-calendars.ts";
import { addPublishingRoutes } from "./publish-lines.ts";
import { addRosterPublishingRoutes } from "./publish-rosters.ts";
import { addQueueRoutes } from "./queues.ts";
import { addRingTestRoute } from "./ring-tests.ts";
import { addRosterRoutes } from "./rosters.ts";

export type RoutingRouteDeps = {
  readonly desk: Desk;
  readonly reads: QueueReads;
  readonly authenticate: Authenticator;
  readonly internalKey: string;
};

/** Every route of routing. */
export function serveRouting(http: Http, { desk, reads, authenticate, internalKey }: RoutingRouteDeps): void {
  const { database } = desk;
  const gate: Gate = (...kinds) => authenticated(authenticate, kinds);
  addPublishingRoutes(http, gate, desk);
  addDefaultLineRoutes(http, gate, desk);
  addLineRoutes(http, gate, desk);
  addRosterPublishingRoutes(http, gate, database);
  addRosterChangeRoutes(http, gate, database);
  addRosterPreviewRoutes(http, gate, database);
  addRosterRoutes(http, gate, database);
  addRingTestRoute(http, gate, desk);
  addOnDutyRoutes(http, gate, database);
  addCalendarPublishingRoutes(http, gate, desk);
  addCalendarRoutes(http, gate, desk);
  addHolidayRoute(http, gate);
  addOpenQueueRoutes(http, gate, desk);
  addQueueRoutes(http, gate, desk, reads);
  addHandoffRoutes(http, gate, desk);
  addCaseRoutes(http, gate, desk);
  addCaseStepRoutes(http, gate, desk);
  addCodeReportRoute(http, gate, database);
  addInternalRoutes(http, { database, internalKey });
}
