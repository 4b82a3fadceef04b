import { type Received, compactedTopics } from "@crossline/contracts";
import type { Database, Tx } from "@crossline/postgres";
import { type Tracing, noTracing } from "@crossline/tracing";
import { createBell } from "../bell.ts";
import type { Broker, Log } from "../broker.ts";
import { partitionName } from "../partition.ts";
import { traceApply } from "../traces.ts";
import { readRecords } from "./arrival.ts";
import type { ConsumerMetrics } from "./attempt.ts";
import { loadOpenGaps } from "./gaps.ts";
import { type Looks, startLooking } from "./look.ts";
import { createOwnership } from "./ownership.ts";
import { createQueue } from "./queue.ts";
import { createRoom } from "./room.ts";
import { startRoster } from "./roster.ts";
import type { Reading } from "./settle.ts";
import { startWork } from "./work.ts";

export type ConsumerOptions = {
  readonly database: Database;
  readonly broker: Broker;
  /** The consumer group, one per service. */
  readonly group: string;
  readonly topics: readonly string[];
  /** Of those, the ones that keep only the last record of a key, where gaps are no alarm. Default: `compactedTopics`. */
  readonly compacted?: readonly string[];
  /** How many partitions every topic has. Without it nothing is marked where records were deleted before they were read. */
  readonly partitions?: number;
  /** Keys that the service knows besides those that it has read: they are marked too. */
  readonly knownKeys?: (tx: Tx) => Promise<readonly string[]>;
  /** The event types (`case.opened`) that `apply` wants to see. Others are read past, in order and counted. Default: all. */
  readonly types?: ReadonlySet<string>;
  /**
   * Timelines of which nothing is wanted: their records are passed over before they are parsed, and nothing of them is kept
   * but the position. Must give the same answer for a timeline for ever. (A replay of 141,712 rows cost services that do
   * nothing with it 6 s of CPU each to read past.)
   */
  readonly ignores?: (timeline: string) => boolean;
  /**
   * Makes events take effect, in the transaction that also moves the position: new ones only, each once. Those of a key
   * and topic come in order, and each after its causes; all pending partitions come together, up to some 4,000.
   * Whatever it throws rolls everything back. A passing fault of the database (`isTransient`) is tried again for as long
   * as it takes; any other parks the case of the event because of which it was thrown. So it may be called with the same
   * events again, and then in other portions: it must do nothing but through `tx`.
   */
  readonly apply: (tx: Tx, events: readonly Received[]) => Promise<void>;
  /** Called with what was applied, after the commit: to wake workers. After a crash in between it is not called. */
  readonly onApplied?: (events: readonly Received[]) => void;
  /** Nothing is read while more records than these wait in the schema's own outbox, 50,000 by default. */
  readonly outboxLimit?: number;
  readonly log: Log;
  readonly metrics?: ConsumerMetrics;
  readonly tracing?: Tracing;
  /** The broker's client has given up for good. Default: ends the process, whose supervisor starts it anew. */
  readonly onCrash?: (error: Error) => void;
  /** See `SubscribeOptions`. */
  readonly sessionTimeoutMs?: number;
  /** See `SubscribeOptions`. */
  readonly gatherMs?: number;
};

export type Consumer = {
  /**
   * True where everything that our topics held in this partition at some moment of the last 3 s has been applied, or
   * waits for its cause or a replay. After the broker could not be asked, not before 5 s of answers.
   */
  caughtUp(partition: number): boolean;
  /** The partitions of which this process reads all topics now, ascending. A worker checks `fence` besides. */
  owned(): readonly number[];
  /**
   * True where the partition is ours by the database, and stays so until the transaction ends. It does not wait for the
   * consumer's own transactions. What a worker does for a partition belongs behind this.
   */
  fence(tx: Tx, partition: number): Promise<boolean>;
  /** `fence` for several partitions in one statement: those of them that are ours. */
  fences(tx: Tx, partitions: readonly number[]): Promise<ReadonlySet<number>>;
  /** Looks for requested replays at once. */
  wake(): void;
  /**
   * Records that are in the broker and not applied, by topic; as of the last second, of the partitions that are ours.
   * Undefined while the broker has not said for 5 s how far its topics reach.
   */
  lag(): Readonly<Record<string, number>> | undefined;
  /** Milliseconds since the broker last said how far its topics reach; Infinity before the first time. */
  lookAgeMs(): number;
  /** The same as `lag` in all topics, of partitions that have been read before. For back pressure. */
  behind(): number;
  /** Records fetched and not committed yet. */
  pending(): number;
  /** For readiness: milliseconds since the broker last answered a fetch. */
  lastFetchAgeMs(): number;
  /** For liveness: for how long, in milliseconds, a step of ours (a transaction, a look at the broker) has not come to an end, well or not. */
  silentMs(): number;
  /** Resolves when the group is left and no transaction of ours runs any more. Calling it twice is fine. */
  stop(): Promise<void>;
};

const outboxRecordsMax = 50_000;

/**
 * Reads topics and makes each record take effect exactly once: position, effects and what is known of every key move in
 * one transaction. One consumer per schema; any number of replicas, among which the broker shares the partitions.
 */
export async function startConsumer(options: ConsumerOptions): Promise<Consumer> {
  const { database, broker, group, topics, log } = options;
  const { metrics = {}, onApplied = () => {}, onCrash = crash } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const bell = createBell();
  const queue = createQueue();
  const room = createRoom(database, options.outboxLimit ?? outboxRecordsMax);
  const ownership = createOwnership(database, topics);
  const reading = readingOf(options);
  let looks: Looks | undefined;
  const isCaughtUp = (partition: number): boolean => looks?.isCaughtUp(partition) ?? false;
  const parts = { database, group, reading, queue, ownership, bell, log, metrics, onApplied, signal };
  const work = startWork({ ...parts, isCaughtUp });

  // A bug of this package: better no process than one that looks alive.
  work.running.catch(onCrash);

  const roster = startRoster({ database, group, broker, log, signal });

  const subscribing = broker.subscribe({
    group,
    topics,
    onCrash,
    onJoined: (memberId) => roster.joined(memberId),
    ...paceOf(options),
    async onAssigned(partitions) {
      const positions = await ownership.claim(partitions);
      for (const gap of await loadOpenGaps(database, partitions)) reading.doubted.add(gap);
      work.claimed();
      return positions;
    },
    onRevoked(partitions) {
      const names = new Set(partitions.map(({ topic, partition }) => partitionName(topic, partition)));
      ownership.release(partitions);
      queue.drop("the partition was revoked", ({ topic, partition }) => names.has(partitionName(topic, partition)));
    },
    async onRecords(batch) {
      await room(signal);
      const owner = ownership.token(batch);
      if (signal.aborted || owner === undefined) throw new Error("this partition is not ours");
      const taken = queue.put(batch, owner, readRecords(batch.records, options));
      bell.ring();
      await taken;
    },
  });
  subscribing.catch(() => stopping.abort());
  const subscription = await subscribing;
  const claimed = () => work.claimed();
  const looking = startLooking({ broker, group, topics, ownership, subscription, claimed, log, signal });
  looks = looking;
  looking.running.catch(onCrash);

  async function stop(): Promise<void> {
    stopping.abort();
    bell.ring();
    queue.drop("the consumer stops", () => true);
    await Promise.all([subscription.stop(), Promise.allSettled([work.running, looking.running, roster.running])]);
  }
  let stopped: Promise<void> | undefined;

  return {
    caughtUp: isCaughtUp,
    owned: () => ownership.owned(),
    fence: async (tx, partition) => (await ownership.fences(tx, [partition])).has(partition),
    fences: (tx, partitions) => ownership.fences(tx, partitions),
    wake: () => work.replaySoon(),
    lag: looking.lag,
    lookAgeMs: looking.ageMs,
    silentMs: () => Math.max(work.transactionMs(), looking.silentMs()),
    behind: looking.behind,
    pending: queue.size,
    lastFetchAgeMs: () => subscription.lastFetchAgeMs(),
    stop: () => (stopped ??= stop()),
  };
}

function readingOf(options: ConsumerOptions): Reading {
  const { group, topics, compacted = compactedTopics, types, partitions, knownKeys, apply } = options;
  return {
    reads: new Set(topics),
    compacted: new Set(compacted),
    wanted: types,
    partitions,
    knownKeys,
    doubted: new Set(),
    apply: traceApply(options.tracing ?? noTracing, group, apply),
  };
}

function paceOf({
  sessionTimeoutMs,
  gatherMs,
}: ConsumerOptions): Pick<ConsumerOptions, "sessionTimeoutMs" | "gatherMs"> {
  return {
    ...(sessionTimeoutMs !== undefined && { sessionTimeoutMs }),
    ...(gatherMs !== undefined && { gatherMs }),
  };
}

function crash(error: Error): void {
  queueMicrotask(() => {
    throw error;
  });
}
