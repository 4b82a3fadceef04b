import {
  type Consumer,
  type ConsumerMetrics,
  type Relay,
  type RelayMetrics,
  countMessages,
  measureMessages,
} from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import type { Metrics } from "@crossline/service";
import { readTopics } from "./consumers/apply.ts";
import { type Report, findingKinds } from "./consumers/report.ts";
import { watermarkAges } from "./store/watermarks.ts";

/** What the auditor counts as things happen. */
export type AuditorFigures = {
  readonly consumer: ConsumerMetrics;
  readonly relay: RelayMetrics;
  /** Committed findings. */
  found(report: Report): void;
};

export function createFigures(metrics: Metrics): AuditorFigures {
  const findings = metrics.counter({
    name: "crossline_audit_findings_total",
    help: "Firings that were missed, late, doubled or unfounded, and gaps in the topics: an alarm",
    labels: ["kind"],
  });
  // From the first scrape on, so that the first finding is an increase.
  for (const kind of findingKinds) findings.inc({ kind }, 0);
  return {
    ...countMessages(metrics, readTopics),
    found(report) {
      for (const { kind } of report.findings) findings.inc({ kind });
    },
  };
}

type Parts = { readonly database: Database; readonly consumer: Consumer; readonly relay: Relay };

/** Gauges that are read when somebody asks for them. */
export function measureStanding(metrics: Metrics, parts: Parts): void {
  const { database } = parts;
  measureMessages(metrics, parts);
  metrics.gauge({
    name: "crossline_auditor_watermark_age_seconds",
    help: "How far behind the present the wall has been judged, in the slowest partition: the grace, and a little",
    collect: async (gauge) => {
      const ages = await watermarkAges(database);
      if (ages !== undefined) gauge.set(ages.untilMs / 1000);
    },
  });
  metrics.gauge({
    name: "crossline_auditor_heartbeat_age_seconds",
    help: "Since the last heartbeat of the partition that has been silent for longest",
    collect: async (gauge) => {
      const ages = await watermarkAges(database);
      if (ages !== undefined) gauge.set(ages.beatMs / 1000);
    },
  });
}
