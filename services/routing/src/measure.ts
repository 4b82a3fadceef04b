import { type HandoffEvent, type LineRef, type Message, topics } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import type { Log, Metrics } from "@crossline/service";
import { countWaiting } from "./store/figures.ts";

/** Creates the counters of routing, and the alarms that it raises. */
export function createFigures(metrics: Metrics, log: Log) {
  const facts = metrics.counter({
    name: "crossline_routing_facts_total",
    help: "What was told of hand-offs (offered, accepted, lapsed …), of lines used up and of the last resort",
    labels: ["type"],
  });
  const overtaken = metrics.counter({
    name: "crossline_routing_overtaken_total",
    help: "Offers taken back because what would have stopped their clock was read too late",
  });
  const alarms = metrics.counter({
    name: "crossline_routing_alarms_total",
    help: "What a person has to mend: cases under the built-in line, a last resort that has no address, a calendar that never opens",
    labels: ["alarm"],
  });
  // Prometheus cannot see an increase from nothing to 1.
  for (const alarm of ["last-resort-without-address", "builtin-line", "closed-calendar"]) alarms.inc({ alarm }, 0);
  return {
    /** Counts committed facts of routing. */
    told(messages: readonly Message[]): void {
      for (const message of messages) {
        if (!isHandoffEvent(message)) continue;
        facts.inc({ type: message.type });
        if (message.type === "handoff.withdrawn" && message.data.reason === "overtaken") overtaken.inc();
        if (message.type !== "last-resort.called" || message.data.addresses.length > 0) continue;
        if (reachedByRoster(messages, message.key)) continue;
        alarms.inc({ alarm: "last-resort-without-address" });
        log.error(
          { caseId: message.key },
          "alarm: a line is used up and its last resort reaches nobody; nobody is called",
        );
      }
    },
    /** Counts and logs the calendars of a line that never open. */
    closed(line: LineRef, calendars: readonly string[]): void {
      for (const calendar of calendars) {
        alarms.inc({ alarm: "closed-calendar" });
        log.error({ line, calendar }, "alarm: a calendar of a line never opens; it counts as 24x7");
      }
    },
    /** Counts and logs cases that were opened under the built-in line. */
    underBuiltin(caseIds: readonly string[]): void {
      for (const caseId of caseIds) {
        alarms.inc({ alarm: "builtin-line" });
        log.error({ caseId }, "alarm: a case was opened under the built-in line, which crosses to nobody");
      }
    },
  };
}

function isHandoffEvent(message: Message): message is HandoffEvent {
  return message.topic === topics.handoff;
}

/** Whether the call of the last resort that was told with these paged somebody. */
function reachedByRoster(messages: readonly Message[], caseId: string): boolean {
  return messages.some(
    (message) =>
      isHandoffEvent(message) &&
      message.key === caseId &&
      message.type === "roster.paged" &&
      message.data.reason === "last-resort" &&
      !message.data.nobody,
  );
}

/** Registers the gauges that are read at each scrape. */
export function measureHandoffs(metrics: Metrics, database: Database): void {
  metrics.gauge({
    name: "crossline_handoffs_waiting",
    help: "Offers of the wall that nobody has accepted, by how long ago they were made",
    labels: ["mode", "phase", "age"],
    collect: async (gauge) => {
      const waiting = await countWaiting(database);
      gauge.reset();
      for (const { mode, phase, age, count } of waiting) gauge.inc({ mode, phase, age }, count);
    },
  });
}
