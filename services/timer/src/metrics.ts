import type { ClockEvent, LineRef } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import { type Log, type Metrics, createAlarms } from "@crossline/service";
import { countArmed, readAlarmCounts } from "./store/metrics.ts";

export type TimerMetrics = ReturnType<typeof createTimerMetrics>;

const latenessBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 30, 60];

/** Creates the timer's counters and its alarm. */
export function createTimerMetrics(metrics: Metrics, log: Log) {
  const lateness = metrics.histogram({
    name: "crossline_timer_lateness_seconds",
    help: "Time from the deadline to the firing, for each firing on the wall timeline",
    buckets: latenessBuckets,
  });
  const firings = metrics.counter({
    name: "crossline_timer_firings_total",
    help: "Firings on all timelines",
    labels: ["kind", "threshold"],
  });
  const overtaken = metrics.counter({
    name: "crossline_timer_overtaken_total",
    help: "Overtaken firings: the timer read an event after a firing that this event would have prevented",
    labels: ["kind"],
  });
  const recomputed = metrics.counter({
    name: "crossline_timer_recomputed_total",
    help: "Deadlines that changed because the severity or the line of the case changed",
    labels: ["kind", "cause"],
  });
  const raise = createAlarms(metrics, log, "timer", {
    "closed-calendar": "alarm: a calendar of a line never opens; it counts as 24x7",
  });
  return {
    /** Raises an alarm for each calendar that the line pins and that never opens. */
    reportClosed(line: LineRef, calendars: readonly string[]): void {
      for (const calendar of calendars) raise("closed-calendar", { line, calendar });
    },
    /** Adds committed clock events to the counters, and the lateness of firings to the histogram. */
    count(events: readonly ClockEvent[]): void {
      for (const { type, data } of events) {
        if (type === "clock.overtaken") overtaken.inc({ kind: data.kind });
        else if (type === "clock.recomputed") recomputed.inc({ kind: data.kind, cause: data.cause });
        else if (type !== "handling.silent") {
          firings.inc({ kind: data.kind, threshold: data.threshold });
          if (data.latenessMs !== undefined) lateness.observe(data.latenessMs / 1000);
        }
      }
    },
  };
}

/** Registers the gauges that Prometheus reads at each scrape. */
export function registerGauges(metrics: Metrics, database: Database, partitions: number): void {
  metrics.gauge({
    name: "crossline_timer_armed",
    help: "Cases with a stored deadline, as of the last vacuum or analyze of the table",
    collect: async (gauge) => gauge.set(await countArmed(database)),
  });
  metrics.gauge({
    name: "crossline_timer_clockless_cases",
    help: "Open cases on the wall timeline without a clock that will fire; must be 0",
    collect: async (gauge) => gauge.set((await readAlarmCounts(database, partitions)).clockless),
  });
  metrics.gauge({
    name: "crossline_timer_overdue_seconds",
    help: "Time since the oldest deadline on the wall timeline that has not fired, over all partitions",
    collect: async (gauge) => gauge.set((await readAlarmCounts(database, partitions)).overdueSeconds),
  });
}
