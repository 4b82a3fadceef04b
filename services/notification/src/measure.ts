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
import { readTopics } from "./consumers/consume.ts";
import { countWaitingByAge } from "./store/delivery-log.ts";
import type { Outcome } from "./store/outcome.ts";
import type { Unheard } from "./workers/give-up.ts";
import type { Sent } from "./workers/send.ts";

/** What notification counts as things happen. Labels never name a party, a case or a receiver. */
export type Figures = {
  readonly consumer: ConsumerMetrics;
  readonly relay: RelayMetrics;
  /** An attempt has ended. */
  sent(sent: Sent): void;
  /** Attempts were written down. */
  recorded(outcomes: readonly Outcome[]): void;
  /** Deliveries were given up without another try. */
  abandoned(count: number): void;
  /** A person was asked for, and none has heard of it. */
  unheard(unheard: Unheard): void;
  /** Pages ended unsent. */
  overtaken(count: number): void;
};

export function createFigures(metrics: Metrics, log: Log): Figures {
  const attempts = metrics.counter({
    name: "crossline_delivery_attempts_total",
    help: "Attempts, by the class of the receiver's status or why there was none",
    labels: ["answer"],
  });
  const seconds = metrics.histogram({
    name: "crossline_delivery_attempt_seconds",
    help: "How long attempts took",
    labels: ["outcome"],
  });
  const deliveries = metrics.counter({
    name: "crossline_deliveries_total",
    help: "What attempts came to for their deliveries; `retried` ones wait again",
    labels: ["outcome"],
  });
  // Prometheus cannot see an increase from nothing to 1.
  for (const outcome of ["delivered", "retried", "abandoned", "overtaken"]) deliveries.inc({ outcome }, 0);
  const abandoned = metrics.counter({
    name: "crossline_pages_abandoned_total",
    help: "Pages of which no person can be reached (`page`), and addresses of the last resort that were given up (`call`)",
    labels: ["kind"],
  });
  for (const kind of ["page", "call"]) abandoned.inc({ kind }, 0);
  return {
    ...countMessages(metrics, readTopics),
    unheard({ pages, calls }) {
      for (const { caseId, reason } of pages) {
        abandoned.inc({ kind: "page" });
        log.error({ caseId, reason }, "alarm: no person of a page can be reached");
      }
      for (const { caseId } of calls) {
        abandoned.inc({ kind: "call" });
        log.error({ caseId }, "alarm: an address of the last resort cannot be reached");
      }
    },
    sent(sent) {
      const wellReceived = "status" in sent && sent.status >= 200 && sent.status < 300;
      attempts.inc({ answer: "status" in sent ? `${Math.floor(sent.status / 100)}xx` : sent.error });
      seconds.observe({ outcome: wellReceived ? "received" : "failed" }, sent.durationMs / 1000);
    },
    recorded(outcomes) {
      for (const { verdict } of outcomes) {
        deliveries.inc({ outcome: verdict.state === "waiting" ? "retried" : verdict.state });
      }
    },
    abandoned: (count) => deliveries.inc({ outcome: "abandoned" }, count),
    overtaken: (count) => deliveries.inc({ outcome: "overtaken" }, count),
  };
}

type Parts = { readonly database: Database; readonly consumer: Consumer; readonly relay: Relay };

/** Gauges that are read when somebody asks for them. */
export function measureStanding(metrics: Metrics, parts: Parts): void {
  const { database } = parts;
  measureMessages(metrics, parts);
  metrics.gauge({
    name: "crossline_deliveries_waiting",
    help: "Deliveries that wait to be sent, by how long ago they were made",
    labels: ["age"],
    collect: async (gauge) => {
      const waiting = await countWaitingByAge(database);
      gauge.set({ age: "under-minute" }, waiting.underMinute);
      gauge.set({ age: "under-hour" }, waiting.underHour);
      gauge.set({ age: "older" }, waiting.older);
    },
  });
}
