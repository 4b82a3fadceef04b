import { type HandoffEvent, type Message, topics } from "@crossline/contracts";
import type { Consumer, ConsumerMetrics, Relay, RelayMetrics } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import type { Log, Metrics } from "@crossline/service";
import { countStanding, countWaiting, oldestUnsent } from "./store/figures.ts";

/** What routing counts as things happen, and the alarms that it raises. */
export type Figures = {
  readonly consumer: ConsumerMetrics;
  readonly relay: RelayMetrics;
  /** Committed facts of routing. */
  told(messages: readonly Message[]): void;
  /** Cases that were opened under the built-in line. */
  underBuiltin(caseIds: readonly string[]): void;
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
    help: "What a person has to mend: cases under the built-in line, a last resort that has no address",
    labels: ["alarm"],
  });
  return {
    ...countRecords(metrics),
    told(messages) {
      for (const message of messages) {
        if (!isHandoffEvent(message)) continue;
        facts.inc({ type: message.type });
        if (message.type === "handoff.withdrawn" && message.data.reason === "overtaken") overtaken.inc();
        if (message.type !== "last-resort.called" || message.data.addresses.length > 0) continue;
        alarms.inc({ alarm: "last-resort-without-address" });
        log.error(
          { caseId: message.key },
          "alarm: a line is used up and its last resort has no address; nobody is called",
        );
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
  const buried = counter("relay_buried", "Records that no broker will take");
  return {
    consumer: {
      applied: (events) => applied.inc(events.length),
      gap: (topic) => gaps.inc({ topic }),
      dead: (topic) => dead.inc({ topic }),
      parked: (topic) => parked.inc({ topic }),
      retried: () => retried.inc(),
    },
    relay: {
      sent: (records) => sent.inc(records),
      failed: () => failed.inc(),
      buried: (records) => buried.inc(records),
    },
  };
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
export function measureStanding(metrics: Metrics, { database, consumer, relay }: Parts): void {
  metrics.gauge({
    name: "crossline_handoffs_waiting",
    help: "Offers of the wall that nobody has accepted, by how long ago they were made",
    labels: ["mode", "phase", "age"],
    collect: (gauge) =>
      ifPossible(async () => {
        const waiting = await countWaiting(
          database,
          ages.map(({ fromSeconds }) => fromSeconds),
        );
        gauge.reset();
        for (const { mode, phase, bucket, count } of waiting) {
          gauge.inc({ mode, phase, age: ages[Math.max(bucket, 1) - 1]?.age ?? "older" }, count);
        }
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
