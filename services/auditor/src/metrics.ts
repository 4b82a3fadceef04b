import { redactKey } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import type { Log, Metrics } from "@crossline/service";
import { type Report, findingKinds } from "./commands/report.ts";
import { watermarkAges } from "./store/watermarks.ts";

const loggedMax = 20;

/** Creates the auditor's counters. */
export function createAuditorMetrics(metrics: Metrics, log: Log) {
  const total = metrics.counter({
    name: "crossline_audit_findings_total",
    help: "Findings: firings that are missed, late, doubled or unfounded, gaps in the topics, and forged records. Each finding is an alarm",
    labels: ["kind"],
  });
  // The counters start at 0 before the first scrape, so that Prometheus sees the first finding as an increase.
  for (const kind of findingKinds) total.inc({ kind }, 0);
  return {
    /**
     * Counts committed findings, and logs each finding without the content of its case. Logs only the number of the findings after
     * the first `loggedMax`.
     */
    count({ findings }: Report): void {
      for (const { kind } of findings) total.inc({ kind });
      for (const { kind, caseId, data } of findings.slice(0, loggedMax)) {
        log.error(
          { kind, caseId: redactKey(caseId), finding: data },
          "audit finding: a firing is wrong, or a record is missing or forged",
        );
      }
      const more = findings.length - loggedMax;
      if (more > 0) log.error({ more }, "more audit findings, which are not logged one by one");
    },
  };
}

/** Registers the gauges that Prometheus reads at each scrape. */
export function registerGauges(metrics: Metrics, database: Database): void {
  const age = (name: string, help: string, pick: (ages: { untilMs: number; beatMs: number }) => number) =>
    metrics.gauge({
      name: `crossline_auditor_${name}_age_seconds`,
      help,
      collect: async (gauge) => {
        const ages = await watermarkAges(database);
        if (ages !== undefined) gauge.set(pick(ages) / 1000);
      },
    });
  age(
    "watermark",
    "Age of the earliest audit watermark over all partitions; normally a little more than the grace",
    ({ untilMs }) => untilMs,
  );
  age(
    "heartbeat",
    "Age of the last heartbeat, in the partition whose last heartbeat is the oldest",
    ({ beatMs }) => beatMs,
  );
}
