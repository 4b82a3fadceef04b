import type { Database } from "@crossline/postgres";
import type { Metrics } from "@crossline/service";
import type { Admission, AdmissionRefusal } from "./admission/admission.ts";
import { countOpen } from "./store/cases.ts";

export type IntakeMetrics = ReturnType<typeof createIntakeMetrics>;

/** Creates the counters of intake. */
export function createIntakeMetrics(metrics: Metrics) {
  const quiet = metrics.histogram({
    name: "crossline_intake_quiet_seconds",
    help: "How long a stepped timeline took to come to rest",
  });
  const refused = metrics.counter({
    name: "crossline_intake_refused_total",
    help: "Requests that were not let in",
    labels: ["reason"],
  });
  const backlog = metrics.gauge({
    name: "crossline_intake_backlog",
    help: "Records that wait between a command and its effects, in all services, as of the last look",
  });
  return {
    /** Observes how long a stepped timeline took to come to rest. */
    quiet: (seconds: number) => quiet.observe(seconds),
    /** Counts a request that was not let in. */
    refused: (reason: AdmissionRefusal) => refused.inc({ reason }),
    /** Sets the number of records that wait between a command and its effects. */
    backlog: (records: number) => backlog.set(records),
  };
}

/** Registers the gauges that are read at each scrape. */
export function registerGauges(metrics: Metrics, database: Database, admission: Admission): void {
  metrics.gauge({
    name: "crossline_intake_requests_at_work",
    help: "Requests that were let in and are not answered yet",
    collect: (gauge) => gauge.set(admission.atWork()),
  });
  metrics.gauge({
    name: "crossline_intake_gate_per_second",
    help: "Commands a second that are let in; +Inf while the gate is open",
    collect: (gauge) => gauge.set(admission.gate().perSecond),
  });
  metrics.gauge({
    name: "crossline_intake_open_cases",
    help: "Cases of the wall that are not over",
    labels: ["status"],
    collect: async (gauge) => {
      const counted = await countOpen(database);
      gauge.reset();
      for (const { status, count } of counted) gauge.set({ status }, count);
    },
  });
}
