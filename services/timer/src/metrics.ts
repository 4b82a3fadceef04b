import type { ClockEvent, LineRef } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import { type Log, type Metrics, createAlarms } from "@crossline/service";
import { countArmed, readAlarmCounts } from "./store/metrics.ts";

export type TimerMetrics = ReturnType<typeof createTimerMetrics>;

const latenessBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 30, 60];

/** Creates the timer's counters. */
export function createTimerMetrics(metrics: Metrics, log: Log) {
  const lateness = metrics.histogram({
    name: "crossline_timer_lateness_seconds",
    help: "From the due instant of a threshold to its firing, on the wall",
    buckets: latenessBuckets,
  });
  const firings = metrics.counter({
    name: "crossline_timer_firings_total",
    help: "Thresholds that fired, on all timelines",
    labels: ["kind", "threshold"],
  });
  const overtaken = metrics.counter({
    name: "crossline_timer_overtaken_total",
    help: "Clocks that fired just before the fact was read that would have stopped them in time",
    labels: ["kind"],
  });
  const recomputed = metrics.counter({
    name: "crossline_timer_recomputed_total",
    help: "Deadlines that became others because the severity or the line of their case was changed",
    labels: ["kind", "cause"],
  });
  const raise = createAlarms(metrics, log, "timer", {
    "closed-calendar": "alarm: a calendar of a line never opens; it counts as 24x7",
  });
  return {
    /** Counts and logs the calendars of a line that never open. */
    reportClosed(line: LineRef, calendars: readonly string[]): void {
      for (const calendar of calendars) raise("closed-calendar", { line, calendar });
    },
    /** Counts committed facts of the timer: firings with their lateness, overtaken clocks, recomputed deadlines. */
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

/** Registers the gauges that are read at each scrape. */
export function registerGauges(metrics: Metrics, database: Database, partitions: number): void {
  metrics.gauge({
    name: "crossline_timer_armed",
    help: "Cases with a deadline ahead, as of the last vacuum or analyze of the table",
    collect: async (gauge) => gauge.set(await countArmed(database)),
  });
  metrics.gauge({
    name: "crossline_timer_clockless_cases",
    help: "Open cases of the wall without a clock that will fire; must be 0",
    collect: async (gauge) => gauge.set((await readAlarmCounts(database, partitions)).clockless),
  });
  metrics.gauge({
    name: "crossline_timer_overdue_seconds",
    help: "For how long the most overdue clock of the wall has been due, of all partitions",
    collect: async (gauge) => gauge.set((await readAlarmCounts(database, partitions)).overdueSeconds),
  });
}
