import type { Consumer, ConsumerMetrics, Relay, RelayMetrics } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import type { Metrics } from "@crossline/service";
import type { Admission, Refused } from "./routes/admission.ts";
import { countOpen } from "./store/cases.ts";
import { countStanding, oldestUnsent } from "./store/figures.ts";

/** What intake counts as things happen. */
export type Figures = {
  readonly consumer: ConsumerMetrics;
  readonly relay: RelayMetrics;
  /** How long a stepped timeline took to come to rest. */
  quiet(seconds: number): void;
  /** A request was not let in. */
  refused(why: Refused): void;
  /** What waits between a command and its effects, in records, as of the last look. */
  backlog(records: number): void;
};

export function createFigures(metrics: Metrics): Figures {
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
  const quiet = metrics.histogram({
    name: "crossline_intake_quiet_seconds",
    help: "How long a stepped timeline took to come to rest",
  });
  const refused = counter("intake_refused", "Requests that were not let in", "reason");
  const backlog = metrics.gauge({
    name: "crossline_intake_backlog",
    help: "Records that wait between a command and its effects, in all services, as of the last look",
  });
  return {
    consumer: {
      applied: (events) => applied.inc(events.length),
      gap: (topic) => gaps.inc({ topic }),
      dead: (topic) => dead.inc({ topic }),
      parked: (topic) => parked.inc({ topic }),
      retried: () => retried.inc(),
    },
    relay: { sent: (records) => sent.inc(records), failed: () => failed.inc() },
    quiet: (seconds) => quiet.observe(seconds),
    refused: (reason) => refused.inc({ reason }),
    backlog: (records) => backlog.set(records),
  };
}

type Parts = {
  readonly database: Database;
  readonly consumer: Consumer;
  readonly relay: Relay;
  readonly admission: Admission;
};

/** Gauges that are read when somebody asks for them. */
export function measureStanding(metrics: Metrics, { database, consumer, relay, admission }: Parts): void {
  metrics.gauge({
    name: "crossline_intake_requests_at_work",
    help: "Requests that were let in and are not answered yet",
    collect: (gauge) => gauge.set(admission.atWork()),
  });
  metrics.gauge({
    name: "crossline_intake_gate_per_second",
    help: "Commands a second that are let in; +Inf while the gate is open",
    collect: (gauge) => gauge.set(admission.gate().perSecond),
  });
  metrics.gauge({
    name: "crossline_intake_open_cases",
    help: "Cases of the wall that are not over",
    labels: ["status"],
    collect: (gauge) =>
      ifPossible(async () => {
        const counted = await countOpen(database);
        gauge.reset();
        for (const { status, count } of counted) gauge.set({ status }, count);
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
        const { parked, dead } = await countStanding(database);
        gauge.set({ kind: "parked" }, parked);
        gauge.set({ kind: "dead-letter" }, dead);
      }),
  });
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

/** Without the database a figure stays as it was, and the others are told nevertheless. */
async function ifPossible(collect: () => Promise<void>): Promise<void> {
  await collect().catch(() => undefined);
}
