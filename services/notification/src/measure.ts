import type { Consumer, ConsumerMetrics, Relay, RelayMetrics } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import type { Metrics } from "@crossline/service";
import { countWaitingByAge } from "./store/delivery-log.ts";
import type { Outcome } from "./store/outcome.ts";
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
};

export function createFigures(metrics: Metrics): Figures {
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
  return {
    ...countRecords(metrics),
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
  };
}

function countRecords(metrics: Metrics): Pick<Figures, "consumer" | "relay"> {
  const counter = <Label extends string = never>(name: string, help: string, ...labels: Label[]) =>
    metrics.counter({ name: `crossline_${name}_total`, help, labels });
  const applied = counter("consumer_applied", "Events that took effect");
  const gaps = counter("consumer_sequence_gaps", "Keys of which records are missing: an alarm", "topic");
  const dead = counter("consumer_dead_letters", "Records that could not be read", "topic");
  const parked = counter(
    "consumer_parked",
    "Records that could not be applied; their cases wait for a replay",
    "topic",
  );
  const retried = counter("consumer_retries", "Transactions tried again because the database was not to be had");
  const sent = counter("relay_sent", "Records that the broker took");
  const failed = counter("relay_failures", "Sends that the broker did not take");
  return {
    consumer: {
      applied: (events) => applied.inc(events.length),
      gap: (topic) => gaps.inc({ topic }),
      dead: (topic) => dead.inc({ topic }),
      parked: (topic) => parked.inc({ topic }),
      retried: () => retried.inc(),
    },
    relay: { sent: (records) => sent.inc(records), failed: () => failed.inc() },
  };
}

type Parts = { readonly database: Database; readonly consumer: Consumer; readonly relay: Relay };

/** Gauges that are read when somebody asks for them. While the database is away the last figures stay. */
export function measureStanding(metrics: Metrics, { database, consumer, relay }: Parts): void {
  metrics.gauge({
    name: "crossline_deliveries_waiting",
    help: "Deliveries that wait to be sent, by how long ago they were made",
    labels: ["age"],
    collect: (gauge) =>
      ifPossible(async () => {
        const waiting = await countWaitingByAge(database);
        gauge.set({ age: "under-minute" }, waiting.underMinute);
        gauge.set({ age: "under-hour" }, waiting.underHour);
        gauge.set({ age: "older" }, waiting.older);
      }),
  });
  metrics.gauge({
    name: "crossline_consumer_lag",
    help: "Records in the broker that were not applied yet, of the partitions that are ours",
    labels: ["topic"],
    collect: (gauge) => {
      for (const [topic, lag] of Object.entries(consumer.lag())) gauge.set({ topic }, lag);
    },
  });
  metrics.gauge({
    name: "crossline_outbox_depth",
    help: "Records that wait to be sent",
    collect: (gauge) => ifPossible(async () => gauge.set(await relay.depth())),
  });
}

async function ifPossible(work: () => Promise<void>): Promise<void> {
  await work().catch(() => {});
}
