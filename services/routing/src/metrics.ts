import type { LineRef, Message } from "@crossline/contracts";
import { isHandoffEvent, callsWithoutPerson } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { type Log, type Metrics, createAlarms } from "@crossline/service";
import { countWaiting } from "./store/metrics.ts";

/** Creates the counters and alarms of routing. */
export function createRoutingMetrics(metrics: Metrics, log: Log) {
  const events = metrics.counter({
    name: "crossline_routing_facts_total",
    help: "Published events of hand-offs (offered, accepted, lapsed …), exhausted lines and the last resort",
    labels: ["type"],
  });
  const overtaken = metrics.counter({
    name: "crossline_routing_overtaken_total",
    help: "Withdrawn offers whose firing was overtaken",
  });
  const raise = createAlarms(metrics, log, "routing", {
    "last-resort-without-address": "alarm: a line has no step left and its last resort reaches no person",
    "builtin-line": "alarm: a case was opened under the built-in line, which crosses to no vendor",
    "closed-calendar": "alarm: a calendar of a line never opens; it counts as 24x7",
  });
  return {
    /** Counts the events that routing has committed. Raises an alarm for each call of the last resort that reaches no person. */
    count(messages: readonly Message[]): void {
      for (const { type, data } of messages.filter(isHandoffEvent)) {
        events.inc({ type });
        if (type === "handoff.withdrawn" && data.reason === "overtaken") overtaken.inc();
      }
      for (const caseId of callsWithoutPerson(messages)) raise("last-resort-without-address", { caseId });
    },
    /** Raises an alarm for each calendar that the line pins and that never opens. */
    reportClosed(line: LineRef, calendars: readonly string[]): void {
      for (const calendar of calendars) raise("closed-calendar", { line, calendar });
    },
    /** Counts and logs cases that were opened under the built-in line. */
    reportUnderBuiltin(caseIds: readonly string[]): void {
      for (const caseId of caseIds) raise("builtin-line", { caseId });
    },
  };
}

/** Registers the gauges, which query the database at each scrape. */
export function registerGauges(metrics: Metrics, database: Database): void {
  metrics.gauge({
    name: "crossline_handoffs_waiting",
    help: "Offers on the wall timeline that no vendor has accepted, by age",
    labels: ["mode", "phase", "age"],
    collect: async (gauge) => {
      const waiting = await countWaiting(database);
      gauge.reset();
      for (const { mode, phase, age, count } of waiting) gauge.inc({ mode, phase, age }, count);
    },
  });
}
