import type { ClockEvent } from "@crossline/contracts";
import { type Consumer, type ConsumerMetrics, type Relay, type RelayMetrics } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import type { Metrics } from "@crossline/service";
import { countArmed, countWaiting, oldestUnsent } from "./store/figures.ts";

/** What the timer counts as things happen. */
export type TimerFigures = {
  readonly consumer: ConsumerMetrics;
  readonly relay: RelayMetrics;
  /** Committed facts of the timer: firings with their lateness, and what they were overtaken by. */
  told(events: readonly ClockEvent[]): void;
};

const latenessBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 30, 60];

export function createFigures(metrics: Metrics): TimerFigures {
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
  return {
    ...countRecords(metrics),
    told(events) {
      for (const { type, data } of events) {
        if (type === "clock.overtaken") {
          overtaken.inc({ kind: data.kind });
          continue;
        }
        firings.inc({ kind: data.kind, threshold: data.threshold });
        if (data.latenessMs !== undefined) lateness.observe(data.latenessMs / 1000);
      }
    },
  };
}

function countRecords(metrics: Metrics): Pick<TimerFigures, "consumer" | "relay"> {
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

/** Gauges that are read when somebody asks for them. */
export function measureStanding(metrics: Metrics, { database, consumer, relay }: Parts): void {
  metrics.gauge({
    name: "crossline_timer_armed",
    help: "Cases with a deadline ahead, as of the last vacuum or analyze of the table",
    collect: (gauge) => ifPossible(async () => gauge.set(await countArmed(database))),
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
  const age = createAge();
  metrics.gauge({
    name: "crossline_outbox_oldest_seconds",
    help: "For how long the oldest record has been seen waiting to be sent",
    collect: (gauge) => ifPossible(async () => gauge.set(age(await oldestUnsent(database), performance.now()) / 1000)),
  });
  metrics.gauge({
    name: "crossline_inbox_standing",
    help: "Parked cases and dead letters that wait for a person",
    labels: ["kind"],
    collect: (gauge) =>
      ifPossible(async () => {
        const { parked, dead } = await countWaiting(database);
        gauge.set({ kind: "parked" }, parked);
        gauge.set({ kind: "dead-letter" }, dead);
      }),
  });
}

/** Without the database a figure stays as it was, and the others are told nevertheless. */
async function ifPossible(collect: () => Promise<void>): Promise<void> {
  await collect().catch(() => undefined);
}

/** Rows do not say when they were written: how long this process has seen the same one at the front. */
function createAge(): (id: number | undefined, at: number) => number {
  let front: { readonly id: number; readonly since: number } | undefined;
  return (id, at) => {
    if (id === undefined) front = undefined;
    else if (front?.id !== id) front = { id, since: at };
    return front === undefined ? 0 : at - front.since;
  };
}
