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
    help: "Firings that were missed, late, doubled or unfounded, and gaps in the topics: an alarm",
    labels: ["kind"],
  });
  // From the first scrape on, so that the first finding is an increase.
  for (const kind of findingKinds) total.inc({ kind }, 0);
  return {
    /** Counts committed findings and logs each, without the content of its case; above `loggedMax` it logs their number. */
    count({ findings }: Report): void {
      for (const { kind } of findings) total.inc({ kind });
      for (const { kind, caseId, data } of findings.slice(0, loggedMax)) {
        log.error({ kind, caseId: redactKey(caseId), finding: data }, "an escalation did not fire as it had to");
      }
      const more = findings.length - loggedMax;
      if (more > 0) log.error({ more }, "more did not fire as they had to");
    },
  };
}

/** Registers the gauges that are read at each scrape. */
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
    "How far behind the present the wall has been judged, in the slowest partition: the grace, and a little",
    ({ untilMs }) => untilMs,
  );
  age(
    "heartbeat",
    "Since the last heartbeat of the partition that has been silent for longest",
    ({ beatMs }) => beatMs,
  );
}
