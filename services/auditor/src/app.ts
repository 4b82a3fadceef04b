import { type Chassis, type RunningParts, type ServiceRooms, defineService, migrationsOf } from "@crossline/chassis";
import { topicAccess } from "@crossline/contracts";
import { lineMigrations } from "@crossline/projection";
import { type AuditorSettings, auditorConfig, auditorSettings } from "./config.ts";
import { apply, readTypes } from "./consumers/apply.ts";
import { type Report, countFindings } from "./commands/report.ts";
import { createAuditorMetrics, registerGauges } from "./metrics.ts";
import { serveAudit } from "./routes/audit.ts";
import { createLines } from "./store/lines.ts";
import { removeRows } from "./store/removed-rows.ts";
import { startHeartbeat } from "./workers/heartbeat.ts";
import { type ForgerySearch, startForgerySearch } from "./workers/forgeries.ts";
import { type JudgeDeps, startJudge } from "./workers/judge.ts";

type AuditorOffer = {
  /** The search for forged records. Undefined if the settings name no owners. */
  readonly forgeries: ForgerySearch | undefined;
  /** Resolves when the judge has checked all cases that were due at this call. */
  judged(): Promise<void>;
};

/** The auditor service, which calculates every clock with its own rules and publishes a finding for each wrong firing and each forged record. */
export const auditor = defineService({
  name: "auditor",
  openapi: {
    title: "Crossline auditor",
    description:
      "Checks the firings of the timer, and publishes a finding for each missed, late, doubled or unfounded firing.",
  },
  config: auditorConfig,
  settings: auditorSettings,
  migrations: migrationsOf(import.meta, lineMigrations),
  // The auditor reads every record, but findings are not urgent. The consumer therefore waits 250 ms for more records before each
  // batch.
  reads: { topics: topicAccess.auditor.reads, types: readTypes, gatherMs: 250 },
  publishes: topicAccess.auditor.owns,
  removeRows,
  // The auditor must not slow down the services that it audits.
  background: true,
  build: buildAuditor,
});

function buildAuditor(chassis: Chassis<AuditorSettings>): ServiceRooms<AuditorOffer> {
  const { database, metrics, log, wakeRelay, settings } = chassis;
  const auditorMetrics = createAuditorMetrics(metrics, log);
  const lines = createLines();
  registerGauges(metrics, database);
  const onReport = (report: Report): void => {
    auditorMetrics.count(report);
    if (report.findings.length > 0) wakeRelay();
  };
  // The consumer runs one transaction at a time. `onApplied` reads this report after the commit.
  let report: Report | undefined;
  let forgeries: ForgerySearch | undefined;
  return {
    apply: async (tx, events) => {
      report = await apply(tx, lines, events, settings);
    },
    onApplied(events) {
      forgeries?.note(events);
      if (report !== undefined) onReport(report);
      report = undefined;
    },
    workers(running) {
      const offer = startWorkers(chassis, running, { lines, onReport });
      forgeries = offer.forgeries;
      return offer;
    },
    operationReport: countFindings,
    routes: (http) => serveAudit(http, { database, internalKey: settings.internalKey }),
  };
}

function startWorkers(
  { database, log, watchWorker, settings, wakeRelay }: Chassis<AuditorSettings>,
  { consumer }: RunningParts,
  deps: Pick<JudgeDeps, "lines" | "onReport">,
): AuditorOffer {
  const { graceMs, heartbeatMs, owners, partitions, internalKey } = settings;
  const judge = startJudge({ database, consumer, log, graceMs, ...deps });
  watchWorker("judge", judge, "database");
  const heartbeat = startHeartbeat({ database, consumer, judge, log, heartbeatMs, onBeat: wakeRelay });
  watchWorker("heartbeat", heartbeat, "progress");
  const search = { database, consumer, partitions, internalKey, log };
  const forgeries = owners === undefined ? undefined : startForgerySearch({ ...search, owners, ...deps });
  if (forgeries !== undefined) watchWorker("search for forged records", forgeries, "progress");
  return {
    forgeries,
    judged() {
      const judged = judge.passes();
      judge.wake();
      return judged;
    },
  };
}
