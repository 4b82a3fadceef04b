import type { Database } from "@crossline/postgres";
import type { Metrics } from "@crossline/service";
import type { Admission, AdmissionRefusal } from "./admission/admission.ts";
import { countOpen } from "./store/cases.ts";

/** The metrics that intake updates when something happens. */
export type IntakeMetrics = ReturnType<typeof createIntakeMetrics>;

/** Registers the metrics that intake updates when something happens. */
export function createIntakeMetrics(metrics: Metrics) {
  const caughtUp = metrics.histogram({
    name: "crossline_intake_quiet_seconds",
    help: "The time in seconds until a stepped timeline was caught up",
  });
  const refused = metrics.counter({
    name: "crossline_intake_refused_total",
    help: "Requests that intake refused at admission",
    labels: ["reason"],
  });
  const backlog = metrics.gauge({
    name: "crossline_intake_backlog",
    help: "Records that wait between a command and its effects, in all services, as of the last poll",
  });
  const mails = metrics.counter({
    name: "crossline_intake_mails_total",
    help: "Inbound mails by their effect, and refusals of the SMTP receiver by their reply code",
    labels: ["effect"],
  });
  return {
    /** Counts an inbound mail. */
    mail: (effect: string) => mails.inc({ effect }),
    /** Records the time until a stepped timeline was caught up. */
    caughtUp: (seconds: number) => caughtUp.observe(seconds),
    /** Counts a request that intake refused at admission. */
    refused: (reason: AdmissionRefusal) => refused.inc({ reason }),
    /** Sets the number of records that wait between a command and its effects. */
    backlog: (records: number) => backlog.set(records),
  };
}

/** Registers the gauges whose values are read at each scrape. */
export function registerGauges(metrics: Metrics, database: Database, admission: Admission): void {
  metrics.gauge({
    name: "crossline_intake_requests_at_work",
    help: "Admitted requests without a response yet",
    collect: (gauge) => gauge.set(admission.atWork()),
  });
  metrics.gauge({
    name: "crossline_intake_gate_per_second",
    help: "Commands per second that the rate limiter admits; +Inf while no limit applies",
    collect: (gauge) => gauge.set(admission.limit().perSecond),
  });
  metrics.gauge({
    name: "crossline_intake_open_cases",
    help: "Open cases of the wall timeline",
    labels: ["status"],
    collect: async (gauge) => {
      const counted = await countOpen(database);
      gauge.reset();
      for (const { status, count } of counted) gauge.set({ status }, count);
    },
  });
}
