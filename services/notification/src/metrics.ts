import type { Database } from "@crossline/postgres";
import type { Log, Metrics } from "@crossline/service";
import { countWaitingByAge } from "./store/delivery-log.ts";
import type { AttemptOutcome } from "./store/outcome.ts";
import type { UnreachableAlarms } from "./commands/publish-abandoned.ts";
import type { AttemptResult } from "./delivery/send.ts";

export type NotificationMetrics = ReturnType<typeof createNotificationMetrics>;

/** Creates the counters of notification. Labels never name a party, a case or a receiver. */
export function createNotificationMetrics(metrics: Metrics, log: Log) {
  const attempts = metrics.counter({
    name: "crossline_delivery_attempts_total",
    help: "Attempts, by the class of the receiver's status, or the error without one",
    labels: ["answer"],
  });
  const seconds = metrics.histogram({
    name: "crossline_delivery_attempt_seconds",
    help: "The duration of attempts",
    labels: ["outcome"],
  });
  const deliveries = metrics.counter({
    name: "crossline_deliveries_total",
    help: "Outcomes of deliveries after an attempt or without one; `retried` means that the delivery waits again",
    labels: ["outcome"],
  });
  // The series begin at 0, because Prometheus detects no increase in a series that begins at 1.
  for (const outcome of ["delivered", "retried", "abandoned", "refused", "overtaken"]) deliveries.inc({ outcome }, 0);
  const abandoned = metrics.counter({
    name: "crossline_pages_abandoned_total",
    help: "Pages that reach no person (`page`), and abandoned calls of the last resort (`call`)",
    labels: ["kind"],
  });
  for (const kind of ["page", "call"]) abandoned.inc({ kind }, 0);
  return {
    /** Counts and logs pages and calls that reach no person. */
    reportUnreachable({ pages, calls }: UnreachableAlarms): void {
      for (const { caseId, reason } of pages) {
        abandoned.inc({ kind: "page" });
        log.error({ caseId, reason }, "alarm: no person of a page can be reached");
      }
      for (const { caseId } of calls) {
        abandoned.inc({ kind: "call" });
        log.error({ caseId }, "alarm: an address of the last resort cannot be reached");
      }
    },
    /** Counts an attempt that has ended. */
    countAttempt(result: AttemptResult): void {
      const wellReceived = "status" in result && result.status >= 200 && result.status < 300;
      attempts.inc({ answer: "status" in result ? `${Math.floor(result.status / 100)}xx` : result.error });
      seconds.observe({ outcome: wellReceived ? "received" : "failed" }, result.durationMs / 1000);
    },
    /** Counts saved attempts by their outcome. */
    countOutcomes(outcomes: readonly AttemptOutcome[]): void {
      for (const outcome of outcomes) deliveries.inc({ outcome: nameOf(outcome) });
    },
    /** Counts the deliveries that housekeeping has abandoned without another attempt. */
    countAbandoned: (count: number) => deliveries.inc({ outcome: "abandoned" }, count),
    /** Counts overtaken deliveries. */
    countOvertaken: (count: number) => deliveries.inc({ outcome: "overtaken" }, count),
  };
}

/**
 * Returns the name of an attempt's effect. If the mail server refuses the address of a customer, the installation has no fault, and
 * the alarm of abandoned deliveries must not fire.
 */
function nameOf({ claimed, result, verdict }: AttemptOutcome): string {
  if (verdict.state === "waiting") return "retried";
  const isRefused = claimed.outboundMessageId !== null && result.permanent === true && "status" in result;
  return verdict.state === "abandoned" && isRefused ? "refused" : verdict.state;
}

/** Registers the gauges, which query the database at each scrape. */
export function registerGauges(metrics: Metrics, database: Database): void {
  metrics.gauge({
    name: "crossline_deliveries_waiting",
    help: "Deliveries that wait to be sent, by age",
    labels: ["age"],
    collect: async (gauge) => {
      const waiting = await countWaitingByAge(database);
      gauge.set({ age: "under-minute" }, waiting.underMinute);
      gauge.set({ age: "under-hour" }, waiting.underHour);
      gauge.set({ age: "older" }, waiting.older);
    },
  });
}
