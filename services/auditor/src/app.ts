import { type Chassis, type RunningParts, type ServiceRooms, defineService, migrationsOf } from "@crossline/chassis";
import { topics } from "@crossline/contracts";
import { lineMigrations } from "@crossline/projection";
import { type AuditorSettings, auditorConfig, auditorSettings } from "./config.ts";
import { apply, readTopics, readTypes } from "./consumers/apply.ts";
import type { Report } from "./commands/report.ts";
import { createAuditorMetrics, registerGauges } from "./metrics.ts";
import { serveAudit } from "./routes/audit.ts";
import { createLines } from "./store/lines.ts";
import { removeRows } from "./store/removed-rows.ts";
import { startHeartbeat } from "./workers/heartbeat.ts";
import { type JudgeDeps, startJudge } from "./workers/judge.ts";

type AuditorOffer = {
  /** Resolves when the judge has checked every earlier deadline that it can check. */
  judged(): Promise<void>;
};

/** The auditor calculates every clock with its own rules, and publishes a finding for each wrong firing. */
export const auditor = defineService({
  name: "auditor",
  openapi: {
    title: "Crossline auditor",
    description: "Findings about firings that are missed, late, doubled or unfounded.",
  },
  config: auditorConfig,
  settings: auditorSettings,
  migrations: migrationsOf(import.meta, lineMigrations),
  // The auditor reads every record, and a finding is not urgent, so records gather for 250 ms.
  reads: { topics: readTopics, types: readTypes, gatherMs: 250 },
  publishes: [topics.audit],
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
  // The consumer runs one transaction at a time. `onApplied` reads this report after its commit.
  let report: Report | undefined;
  return {
    apply: async (tx, events) => {
      report = await apply(tx, lines, events, settings);
    },
    onApplied() {
      if (report !== undefined) onReport(report);
      report = undefined;
    },
    workers: (running) => startWorkers(chassis, running, { lines, onReport }),
    routes: (http) => serveAudit(http, { database, internalKey: settings.internalKey }),
  };
}

function startWorkers(
  { database, log, watchWorker, settings, wakeRelay }: Chassis<AuditorSettings>,
  { consumer }: RunningParts,
  deps: Pick<JudgeDeps, "lines" | "onReport">,
): AuditorOffer {
  const { graceMs, heartbeatMs } = settings;
  const judge = startJudge({ database, consumer, log, graceMs, ...deps });
  watchWorker("judge", judge, "database");
  const heartbeat = startHeartbeat({ database, consumer, judge, log, heartbeatMs, onBeat: wakeRelay });
  watchWorker("heartbeat", heartbeat, "progress");
  return {
    judged() {
      const judged = judge.passes();
      judge.wake();
      return judged;
    },
  };
}
