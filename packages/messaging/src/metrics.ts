import { topics as topicNames } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import type { ConsumerMetrics } from "./consumer/transaction-runner.ts";
import type { Consumer } from "./consumer/consumer.ts";
import type { Relay, RelayMetrics } from "./relay.ts";
import { readBacklog, type Backlog } from "./backlog-rows.ts";

const gapTopic = topicNames.gap; // every consumer reads it besides

type Labels = Readonly<Record<string, string | number>>;
type MetricDescription = { readonly name: string; readonly help: string; readonly labels?: readonly string[] };
type Gauge = { set(labels: Labels, value: number): void; reset(): void };

/** Where figures go: the chassis' metrics, or anything like it. A gauge whose `collect` rejects is absent. */
export type MetricRegistry = {
  counter(options: MetricDescription): { inc(labels: Labels, by?: number): void };
  gauge(options: MetricDescription & { readonly collect: (gauge: Gauge) => void | Promise<void> }): unknown;
};

/**
 * What every service counts of its consumer, which reads these topics, and of its relay. To be called once for a meter. What
 * is an alarm begins at 0: Prometheus cannot see an increase from nothing to 1.
 */
export function registerMessageCounters(
  meter: MetricRegistry,
  topics: readonly string[],
): { readonly consumer: ConsumerMetrics; readonly relay: RelayMetrics } {
  const counter = (name: string, help: string, ...labels: string[]) =>
    meter.counter({ name: `crossline_${name}_total`, help, labels });
  const applied = counter("consumer_applied", "Events that took effect");
  const gaps = counter("consumer_sequence_gaps", "Keys of which records are missing: an alarm", "topic");
  const headless = counter(
    "consumer_headless",
    "Keys whose first record was deleted before it was read, of a case its opening: an alarm",
    "topic",
  );
  const lost = counter("consumer_lost", "Records that were deleted before they were read: an alarm", "topic");
  const dead = counter("consumer_dead_letters", "Records that could not be read", "topic");
  const parked = counter(
    "consumer_parked",
    "Records that could not be applied; their cases wait for a replay",
    "topic",
  );
  const retried = counter("consumer_retries", "Transactions tried again because the database was not to be had");
  const sent = counter("relay_sent", "Records that the broker took");
  const failed = counter("relay_failures", "Sends that the broker did not take");
  const buried = counter("relay_buried", "Records that no broker will take");
  for (const topic of [...topics, gapTopic])
    for (const alarm of [gaps, headless, lost, dead, parked]) alarm.inc({ topic }, 0);
  return {
    consumer: {
      applied: (events) => applied.inc({}, events.length),
      gap: (topic) => gaps.inc({ topic }),
      headless: (topic) => headless.inc({ topic }),
      lost: (topic, records) => lost.inc({ topic }, records),
      dead: (topic) => dead.inc({ topic }),
      parked: (topic) => parked.inc({ topic }),
      retried: () => retried.inc({}),
    },
    relay: {
      sent: (records) => sent.inc({}, records),
      failed: () => failed.inc({}),
      buried: (records) => buried.inc({}, records),
    },
  };
}

type MessagingComponents = { readonly database: Database; readonly consumer: Consumer; readonly relay: Relay };

/**
 * Gauges that every service has of its consumer, its relay and its tables, read when somebody asks for them. What cannot be
 * known is absent: a figure of before the outage would say that all is well.
 */
export function registerMessageGauges(meter: MetricRegistry, { database, consumer, relay }: MessagingComponents): void {
  const look = shareReading(database);
  const fromTables = (name: string, help: string, pick: (backlog: Backlog) => number) =>
    meter.gauge({ name: `crossline_${name}`, help, collect: async (gauge) => gauge.set({}, pick(await look())) });
  const fromParts = (name: string, help: string, read: () => number) =>
    meter.gauge({ name: `crossline_${name}`, help, collect: (gauge) => gauge.set({}, read()) });

  registerLag(meter, consumer);
  fromParts(
    "consumer_look_age_seconds",
    "Since the broker last said how far its topics reach",
    () => consumer.endOffsetAgeMs() / 1000,
  );
  fromParts("consumer_partitions", "Partitions that this process reads", () => consumer.owned().length);
  fromParts("relay_active", "1 in the process that sends, 0 on standby", () => (relay.active() ? 1 : 0));
  fromParts(
    "relay_stalled_seconds",
    "For how long records have been in hand that the broker does not take",
    () => relay.stalledMs() / 1000,
  );
  const age = createAgeTracker();
  fromTables("outbox_depth", "Records that wait to be sent", ({ unsent }) => unsent);
  fromTables(
    "outbox_oldest_seconds",
    "For how long the oldest record has been seen waiting to be sent",
    (backlog) => age(backlog.oldestUnsent, performance.now()) / 1000,
  );
  fromTables("inbox_held_seconds", "How long the oldest held record has waited for its cause", (it) => it.heldSeconds);
  fromTables(
    "postgres_snapshot_age_transactions",
    "Transactions begun since the oldest snapshot that somebody holds: what was deleted since cannot be tidied up",
    ({ snapshotAge }) => snapshotAge,
  );
  meter.gauge({
    name: "crossline_inbox_standing",
    help: "Parked cases and dead letters that wait for a person",
    labels: ["kind"],
    collect: async (gauge) => {
      const { parked, dead } = await look();
      gauge.set({ kind: "parked" }, parked);
      gauge.set({ kind: "dead-letter" }, dead);
    },
  });
  meter.gauge({
    name: "crossline_inbox_gap_marks",
    help: "Keys of which records may be missing (unknown), are missing (lost), or the first one is (headless)",
    labels: ["kind"],
    collect: async (gauge) => {
      const { unknownMarks, lostMarks, headlessMarks } = await look();
      gauge.set({ kind: "unknown" }, unknownMarks);
      gauge.set({ kind: "lost" }, lostMarks);
      gauge.set({ kind: "headless" }, headlessMarks);
    },
  });
  meter.gauge({
    name: "crossline_postgres_up",
    help: "1 when the database answered this very look, else 0",
    collect: async (gauge) =>
      gauge.set(
        {},
        await look().then(
          () => 1,
          () => 0,
        ),
      ),
  });
}

function registerLag(meter: MetricRegistry, consumer: Consumer): void {
  meter.gauge({
    name: "crossline_consumer_lag",
    help: "Records in the broker that were not applied yet, of the partitions that are ours; absent while nobody knows",
    labels: ["topic"],
    collect: (gauge) => {
      gauge.reset();
      for (const [topic, lag] of Object.entries(consumer.lag() ?? {})) gauge.set({ topic }, lag);
    },
  });
}

const answerWithinMs = 2_000;

/** One look for all gauges of a scrape. Rejects where the database does not answer in time: a scrape must not wait for it. */
function shareReading(database: Database): () => Promise<Backlog> {
  let looking: Promise<Backlog> | undefined;
  const look = async (): Promise<Backlog> => {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error("the database did not answer in time")), answerWithinMs);
    try {
      return await Promise.race([readBacklog(database), late.promise]);
    } finally {
      clearTimeout(timer);
      looking = undefined;
    }
  };
  return () => (looking ??= look());
}

/** Rows do not say when they were written: how long this process has seen the same one at the front. */
function createAgeTracker(): (id: number | null, at: number) => number {
  let front: { readonly id: number; readonly since: number } | undefined;
  return (id, at) => {
    if (id === null) front = undefined;
    else if (front?.id !== id) front = { id, since: at };
    return front === undefined ? 0 : at - front.since;
  };
}
