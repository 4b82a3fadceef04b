import type { Consumer, ConsumerMetrics, Relay, RelayMetrics } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import type { Metrics } from "@crossline/service";
import { type Report, findingKinds } from "./consumers/report.ts";
import { countWaiting, oldestUnsent } from "./store/figures.ts";
import { watermarkAges } from "./store/watermarks.ts";

/** What the auditor counts as things happen. */
export type AuditorFigures = {
  readonly consumer: ConsumerMetrics;
  readonly relay: RelayMetrics;
  /** Committed findings. */
  found(report: Report): void;
};

export function createFigures(metrics: Metrics): AuditorFigures {
  const findings = metrics.counter({
    name: "crossline_audit_findings_total",
    help: "Firings that were missed, late, doubled or unfounded, and gaps in the topics: an alarm",
    labels: ["kind"],
  });
  // From the first scrape on, so that the first finding is an increase.
  for (const kind of findingKinds) findings.inc({ kind }, 0);
  return {
    ...countRecords(metrics),
    found(report) {
      for (const { kind } of report.findings) findings.inc({ kind });
    },
  };
}

function countRecords(metrics: Metrics): Pick<AuditorFigures, "consumer" | "relay"> {
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
  const age = metrics.gauge({
    name: "crossline_auditor_watermark_age_seconds",
    help: "How far behind the present the wall has been judged, in the slowest partition: the grace, and a little",
  });
  metrics.gauge({
    name: "crossline_auditor_heartbeat_age_seconds",
    help: "Since the last heartbeat of the partition that has been silent for longest",
    collect: (gauge) =>
      ifPossible(async () => {
        const ages = await watermarkAges(database);
        if (ages === undefined) return;
        age.set(ages.untilMs / 1000);
        gauge.set(ages.beatMs / 1000);
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
  measureWaiting(metrics, database, relay);
}

function measureWaiting(metrics: Metrics, database: Database, relay: Relay): void {
  metrics.gauge({
    name: "crossline_outbox_depth",
    help: "Records that wait to be sent",
    collect: (gauge) => ifPossible(async () => gauge.set(await relay.depth())),
  });
  const oldest = createAge();
  metrics.gauge({
    name: "crossline_outbox_oldest_seconds",
    help: "For how long the oldest record has been seen waiting to be sent",
    collect: (gauge) =>
      ifPossible(async () => gauge.set(oldest(await oldestUnsent(database), performance.now()) / 1000)),
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
