import { type HandoffEvent, type LineRef, type Message, topics } from "@crossline/contracts";
import {
  type Consumer,
  type ConsumerMetrics,
  type Relay,
  type RelayMetrics,
  countMessages,
  measureMessages,
} from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import type { Log, Metrics } from "@crossline/service";
import { readTopics } from "./consumers/apply.ts";
import { countWaiting } from "./store/figures.ts";

/** What routing counts as things happen, and the alarms that it raises. */
export type Figures = {
  readonly consumer: ConsumerMetrics;
  readonly relay: RelayMetrics;
  /** Committed facts of routing. */
  told(messages: readonly Message[]): void;
  /** Cases that were opened under the built-in line. */
  underBuiltin(caseIds: readonly string[]): void;
  /** Calendars of a line that do not open at all. */
  closed(line: LineRef, calendars: readonly string[]): void;
};

export function createFigures(metrics: Metrics, log: Log): Figures {
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
    ...countMessages(metrics, readTopics),
    told(messages) {
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
    closed(line, calendars) {
      for (const calendar of calendars) {
        alarms.inc({ alarm: "closed-calendar" });
        log.error({ line, calendar }, "alarm: a calendar of a line never opens; it counts as 24x7");
      }
    },
    underBuiltin(caseIds) {
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

type Parts = { readonly database: Database; readonly consumer: Consumer; readonly relay: Relay };

const ages = [
  { age: "under-minute", fromSeconds: 0 },
  { age: "under-5-minutes", fromSeconds: 60 },
  { age: "under-half-hour", fromSeconds: 300 },
  { age: "under-4-hours", fromSeconds: 1_800 },
  { age: "older", fromSeconds: 14_400 },
];

/** Gauges that are read when somebody asks for them. */
export function measureStanding(metrics: Metrics, parts: Parts): void {
  const { database } = parts;
  measureMessages(metrics, parts);
  metrics.gauge({
    name: "crossline_handoffs_waiting",
    help: "Offers of the wall that nobody has accepted, by how long ago they were made",
    labels: ["mode", "phase", "age"],
    collect: async (gauge) => {
      const waiting = await countWaiting(
        database,
        ages.map(({ fromSeconds }) => fromSeconds),
      );
      gauge.reset();
      for (const { mode, phase, bucket, count } of waiting) {
        gauge.inc({ mode, phase, age: ages[Math.max(bucket, 1) - 1]?.age ?? "older" }, count);
      }
    },
  });
}
