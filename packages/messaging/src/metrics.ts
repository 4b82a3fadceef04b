import { topics as topicNames } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import type { ConsumerMetrics } from "./consumer/transaction-runner.ts";
import type { Consumer } from "./consumer/consumer.ts";
import type { Relay, RelayMetrics } from "./relay.ts";
import { readBacklog, type Backlog } from "./backlog-rows.ts";

/** Every consumer reads this topic in addition to the topics of its service. */
const gapTopic = topicNames.gap;

type Labels = Readonly<Record<string, string | number>>;
type MetricDescription = { readonly name: string; readonly help: string; readonly labels?: readonly string[] };
type Gauge = { set(labels: Labels, value: number): void; reset(): void };

/**
 * The registry of the chassis, or another registry with the same methods. If the `collect` of a gauge rejects, the
 * gauge is absent from the scrape.
 */
export type MetricRegistry = {
  counter(options: MetricDescription): { inc(labels: Labels, by?: number): void };
  gauge(options: MetricDescription & { readonly collect: (gauge: Gauge) => void | Promise<void> }): unknown;
};

/**
 * Registers the counters that every service has for its relay and for its consumer of these topics. Call this function
 * once per registry. Alarm counters begin at 0, because Prometheus sees no increase if a counter first appears with the
 * value 1.
 */
export function registerMessageCounters(
  registry: MetricRegistry,
  topics: readonly string[],
): { readonly consumer: ConsumerMetrics; readonly relay: RelayMetrics } {
  const counter = (name: string, help: string, ...labels: string[]) =>
    registry.counter({ name: `crossline_${name}_total`, help, labels });
  const applied = counter("consumer_applied", "Events that the consumer has applied");
  const gaps = counter(
    "consumer_sequence_gaps",
    "The number of keys with missing records. A value above zero is an alarm.",
    "topic",
  );
  const headless = counter(
    "consumer_headless",
    "The number of keys whose first record was deleted before it was read (for a case, its opening). A value above zero is an alarm.",
    "topic",
  );
  const lost = counter(
    "consumer_lost",
    "The number of records that were deleted before they were read. A value above zero is an alarm.",
    "topic",
  );
  const dead = counter("consumer_dead_letters", "Records that could not be parsed", "topic");
  const parked = counter(
    "consumer_parked",
    "Records that could not be applied; their cases are parked until a retry",
    "topic",
  );
  const retried = counter("consumer_retries", "Transactions retried because the database was unavailable");
  const sent = counter("relay_sent", "Records that the broker has accepted");
  const failed = counter("relay_failures", "Sends that failed");
  const buried = counter("relay_buried", "Records that the broker will never accept");
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
 * Registers the gauges that every service has for its consumer, its relay and its tables. Each scrape reads the current
 * values. A metric with an unknown value is absent, because a value from before an outage would hide the outage.
 */
export function registerMessageGauges(
  registry: MetricRegistry,
  { database, consumer, relay }: MessagingComponents,
): void {
  const load = shareReading(database);
  const fromTables = (name: string, help: string, pick: (backlog: Backlog) => number) =>
    registry.gauge({ name: `crossline_${name}`, help, collect: async (gauge) => gauge.set({}, pick(await load())) });
  const fromProcess = (name: string, help: string, read: () => number) =>
    registry.gauge({ name: `crossline_${name}`, help, collect: (gauge) => gauge.set({}, read()) });

  registerLag(registry, consumer);
  fromProcess(
    "consumer_look_age_seconds",
    "The time since the broker last returned the end offsets of the topics",
    () => consumer.endOffsetAgeMs() / 1000,
  );
  fromProcess("consumer_partitions", "Partitions that this process owns", () => consumer.owned().length);
  fromProcess("relay_active", "1 in the process that sends, 0 on standby", () => (relay.active() ? 1 : 0));
  fromProcess(
    "relay_stalled_seconds",
    "How long the relay has held records that the broker has not accepted",
    () => relay.stalledMs() / 1000,
  );
  const age = createAgeTracker();
  fromTables("outbox_depth", "Records that wait to be sent", ({ unsent }) => unsent);
  fromTables(
    "outbox_oldest_seconds",
    "The time for which this process has seen the oldest unsent record wait",
    (backlog) => age(backlog.oldestUnsent, performance.now()) / 1000,
  );
  fromTables("inbox_held_seconds", "How long the oldest held record has waited for its cause", (it) => it.heldSeconds);
  fromTables(
    "postgres_snapshot_age_transactions",
    "Transactions that began after the oldest open snapshot. Vacuum cannot remove rows that were deleted after that snapshot",
    ({ snapshotAge }) => snapshotAge,
  );
  registry.gauge({
    name: "crossline_inbox_standing",
    help: "Parked cases and dead letters that wait for an operator",
    labels: ["kind"],
    collect: async (gauge) => {
      const { parked, dead } = await load();
      gauge.set({ kind: "parked" }, parked);
      gauge.set({ kind: "dead-letter" }, dead);
    },
  });
  registry.gauge({
    name: "crossline_inbox_gap_marks",
    help: "Keys whose records may be missing (unknown), whose records are missing (lost), and whose first record is missing (headless)",
    labels: ["kind"],
    collect: async (gauge) => {
      const { unknownMarks, lostMarks, headlessMarks } = await load();
      gauge.set({ kind: "unknown" }, unknownMarks);
      gauge.set({ kind: "lost" }, lostMarks);
      gauge.set({ kind: "headless" }, headlessMarks);
    },
  });
  registry.gauge({
    name: "crossline_postgres_up",
    help: "1 if the database responded to this scrape, else 0",
    collect: async (gauge) =>
      gauge.set(
        {},
        await load().then(
          () => 1,
          () => 0,
        ),
      ),
  });
}

function registerLag(registry: MetricRegistry, consumer: Consumer): void {
  registry.gauge({
    name: "crossline_consumer_lag",
    help: "Records of the owned partitions that are in the broker and not applied; absent while unknown",
    labels: ["topic"],
    collect: (gauge) => {
      gauge.reset();
      for (const [topic, lag] of Object.entries(consumer.lag() ?? {})) gauge.set({ topic }, lag);
    },
  });
}

const responseMaxMs = 2_000;

/**
 * Returns a function that loads the backlog once for all gauges of a scrape. The function rejects if the database does
 * not respond in time, so that no scrape waits for the database.
 */
function shareReading(database: Database): () => Promise<Backlog> {
  let loading: Promise<Backlog> | undefined;
  const load = async (): Promise<Backlog> => {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error("the database did not respond in time")), responseMaxMs);
    try {
      return await Promise.race([readBacklog(database), late.promise]);
    } finally {
      clearTimeout(timer);
      loading = undefined;
    }
  };
  return () => (loading ??= load());
}

/**
 * A row of the outbox contains no time. The age is therefore the time for which this process has seen the same oldest
 * row.
 */
function createAgeTracker(): (id: number | null, at: number) => number {
  let front: { readonly id: number; readonly since: number } | undefined;
  return (id, at) => {
    if (id === null) front = undefined;
    else if (front?.id !== id) front = { id, since: at };
    return front === undefined ? 0 : at - front.since;
  };
}
