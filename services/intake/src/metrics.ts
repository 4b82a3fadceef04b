import type { Database } from "@crossline/postgres";
import type { Metrics } from "@crossline/service";
import type { Admission, AdmissionRefusal } from "./admission/admission.ts";
import { readCanaryAges } from "./store/canary-steps.ts";
import { countOpen } from "./store/cases.ts";
import { countFailedTasks } from "./store/tasks.ts";

/** The metrics that intake updates when something happens. */
export type IntakeMetrics = ReturnType<typeof createIntakeMetrics>;

const doors = ["rest", "mail"] as const;
type Door = (typeof doors)[number];

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
  const missed = metrics.counter({
    name: "crossline_canary_missed_total",
    help: "Runs of canaries that did not reach their last stage in time, by door",
    labels: ["door"],
  });
  // An alert cannot see the first miss of a door whose count does not exist before the miss.
  for (const door of doors) missed.inc({ door }, 0);
  return {
    /** Counts an inbound mail. */
    mail: (effect: string) => mails.inc({ effect }),
    /** Counts a missed run of a canary. */
    canaryMissed: (door: Door) => missed.inc({ door }),
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
  registerCanaryGauges(metrics, database);
  metrics.gauge({
    name: "crossline_intake_failed_tasks",
    help: "Tasks that have failed and wait for a retry",
    collect: async (gauge) => gauge.set(await countFailedTasks(database)),
  });
  metrics.gauge({
    name: "crossline_intake_open_cases",
    help: "Open cases of the wall timeline, without the cases of canaries",
    labels: ["status"],
    collect: async (gauge) => {
      const counted = await countOpen(database);
      gauge.reset();
      for (const { status, count } of counted) gauge.set({ status }, count);
    },
  });
}

function registerCanaryGauges(metrics: Metrics, database: Database): void {
  const gauges = {
    ageSeconds: {
      name: "crossline_canary_acknowledged_age_seconds",
      help: "The time in seconds since the last acknowledged run, of the canary with the longest time, by door",
    },
    lateSeconds: {
      name: "crossline_canary_late_seconds",
      help: "The time in seconds by which the latest run of a canary has passed its end, by door",
    },
  } as const;
  for (const [value, { name, help }] of Object.entries(gauges) as [
    keyof typeof gauges,
    { name: string; help: string },
  ][]) {
    metrics.gauge({
      name,
      help,
      labels: ["door"],
      collect: async (gauge) => {
        const ages = await readCanaryAges(database);
        gauge.reset();
        for (const row of ages) gauge.set({ door: row.channel === "web" ? "rest" : "mail" }, row[value]);
      },
    });
  }
}
