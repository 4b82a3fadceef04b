import {
  type ReceivedMessage,
  compactedTopics,
  confirmedTopics,
  gapTypes,
  topics as allTopics,
} from "@crossline/contracts";
import type { Database, Tx } from "@crossline/postgres";
import { type Tracing, noTracing } from "@crossline/tracing";
import { createWakeup } from "../wakeup.ts";
import type { Broker, Log, PartitionName, TopicPartition } from "../broker.ts";
import { partitionName, splitName } from "../partition.ts";
import { traceApply } from "../traces.ts";
import { readRecords } from "./arrival.ts";
import type { ConsumerMetrics } from "./transaction-runner.ts";
import { askOwners, loadOpenGaps } from "./gaps.ts";
import { answerQuestions, type GapOptions } from "./heads.ts";
import { type EndOffsetPoll, startEndOffsetPoll } from "./end-offset-poll.ts";
import { createOwnership, type Ownership } from "./ownership.ts";
import { createRecordBuffer, type RecordBuffer } from "./record-buffer.ts";
import { createOutboxLimit } from "./outbox-limit.ts";
import { startMemberWatch } from "./member-watch.ts";
import type { ConsumerContext } from "./apply-plan.ts";
import { startConsumerLoop } from "./consumer-loop.ts";

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
  /** How the owners of topics are asked what was lost, and what is answered for the service's own. Adds `topics.gap` to the topics. */
  readonly gaps?: GapOptions;
  /** Keys that the service knows besides those that it has read: they are marked too. */
  readonly knownKeys?: (tx: Tx) => Promise<readonly string[]>;
  /** The event types (`case.opened`) that `apply` wants to see. Others are read past, in order and counted. Default: all. */
  readonly types?: ReadonlySet<string>;
  /**
   * Timelines of which nothing is wanted: their records are passed over before they are parsed, and nothing of them is kept
   * but the position; `timeline.removed` is heard where it is among `types`. Must give the same answer for a timeline and topic for ever. (A replay of 141,712 rows cost services that do
   * nothing with it 6 s of CPU each to read past.)
   */
  readonly ignores?: (timeline: string, topic: string) => boolean;
  /**
   * Makes events take effect, in the transaction that also moves the position: new ones only, each once. Those of a key
   * and topic come in order, and each after its causes; all pending partitions come together, up to some 4,000.
   * Whatever it throws rolls everything back. A passing fault of the database (`isTransient`) is tried again for as long
   * as it takes; any other parks the case of the event because of which it was thrown. So it may be called with the same
   * events again, and then in other portions: it must do nothing but through `tx`.
   */
  readonly apply: (tx: Tx, events: readonly ReceivedMessage[]) => Promise<void>;
  /** Called with what was applied, after the commit: to wake workers. After a crash in between it is not called. */
  readonly onApplied?: (events: readonly ReceivedMessage[]) => void;
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
  endOffsetAgeMs(): number;
  /** The same as `lag` in all topics, of partitions that have been read before. For back pressure. */
  behind(): number;
  /** Partitions of ours of which records were lost and the owner has not confirmed its last sequences yet. */
  unconfirmed(): readonly PartitionName[];
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
const gapTopic = allTopics.gap;

/**
 * Reads topics and makes each record take effect exactly once: position, effects and what is known of every key move in
 * one transaction. One consumer per schema; any number of replicas, among which the broker shares the partitions.
 */
export async function startConsumer(options: ConsumerOptions): Promise<Consumer> {
  const { database, broker, group, log } = options;
  const topics = options.gaps === undefined ? options.topics : [...options.topics, gapTopic];
  const { metrics = {}, onApplied = () => {}, onCrash = crash } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const wakeup = createWakeup();
  const buffer = createRecordBuffer();
  const outboxLimit = createOutboxLimit(database, options.outboxLimit ?? outboxRecordsMax);
  const ownership = createOwnership(database, topics);
  const context = createContext(options);
  let poll: EndOffsetPoll | undefined;
  const isCaughtUp = (partition: number): boolean => poll?.isCaughtUp(partition) ?? false;
  const shared = { database, group, context, buffer, ownership, wakeup, log, metrics, onApplied, signal };
  const loop = startConsumerLoop({ ...shared, isCaughtUp });

  // A bug of this package: better no process than one that looks alive.
  loop.running.catch(onCrash);

  const members = startMemberWatch({ database, group, broker, log, signal });

  const subscribing = broker.subscribe({
    group,
    topics,
    onCrash,
    onJoined: (memberId) => members.joined(memberId),
    ...paceOf(options),
    async onAssigned(partitions) {
      const positions = await ownership.claim(partitions);
      await resumeGaps(database, context, partitions);
      loop.claimed();
      return positions;
    },
    onRevoked: (partitions) => releasePartitions(shared, partitions),
    async onRecords(batch) {
      await outboxLimit(signal);
      const owner = ownership.token(batch);
      if (signal.aborted || owner === undefined) throw new Error("this partition is not ours");
      const taken = buffer.put(batch, owner, readRecords(batch.records, context));
      wakeup.notify();
      await taken;
    },
  });
  subscribing.catch(() => stopping.abort());
  const subscription = await subscribing;
  const claimed = () => loop.claimed();
  const endOffsets = startEndOffsetPoll({ broker, group, topics, ownership, subscription, claimed, log, signal });
  poll = endOffsets;
  endOffsets.running.catch(onCrash);

  async function stop(): Promise<void> {
    stopping.abort();
    wakeup.notify();
    buffer.drop("the consumer stops", () => true);
    await Promise.all([subscription.stop(), Promise.allSettled([loop.running, endOffsets.running, members.running])]);
  }
  let stopped: Promise<void> | undefined;

  return {
    caughtUp: isCaughtUp,
    owned: () => ownership.owned(),
    fence: async (tx, partition) => (await ownership.fences(tx, [partition])).has(partition),
    fences: (tx, partitions) => ownership.fences(tx, partitions),
    wake: () => loop.retrySoon(),
    lag: endOffsets.lag,
    endOffsetAgeMs: endOffsets.ageMs,
    silentMs: () => Math.max(loop.transactionMs(), endOffsets.silentMs()),
    behind: endOffsets.behind,
    unconfirmed: () => [...context.unconfirmed].filter((name) => ownership.token(splitName(name)) !== undefined),
    pending: buffer.size,
    lastFetchAgeMs: () => subscription.lastFetchAgeMs(),
    stop: () => (stopped ??= stop()),
  };
}

function createContext(options: ConsumerOptions): ConsumerContext {
  const { group, topics, compacted = compactedTopics, types, ignores, partitions, knownKeys, gaps } = options;
  const apply = traceApply(options.tracing ?? noTracing, group, options.apply);
  const shared = {
    compacted: new Set(compacted),
    ignores,
    partitions,
    knownKeys,
    unconfirmed: new Set<PartitionName>(),
  };
  if (gaps === undefined) return { ...shared, reads: new Set(topics), wanted: types, apply };
  if (partitions === undefined) throw new Error("who asks for lost records must know how many partitions there are");
  return {
    ...shared,
    reads: new Set([...topics, gapTopic]),
    wanted: types && new Set([...types, gapTypes.found]),
    asking: { service: gaps.service, topics: new Set(confirmedTopics) },
    apply,
    answer: (tx, asked) => answerQuestions(tx, gaps, partitions, asked),
  };
}

/** After a start or a change of owner: what is open is asked for once more, as the question may have been deleted too. */
async function resumeGaps(
  database: Database,
  context: ConsumerContext,
  places: readonly TopicPartition[],
): Promise<void> {
  const open = await loadOpenGaps(database, places);
  for (const { topic, partition } of open) context.unconfirmed.add(partitionName(topic, partition));
  const { asking } = context;
  if (open.length > 0 && asking !== undefined) await database.transaction((tx) => askOwners(tx, asking.service, open));
}

function releasePartitions(
  { ownership, buffer }: { readonly ownership: Ownership; readonly buffer: RecordBuffer },
  partitions: readonly TopicPartition[],
): void {
  const names = new Set(partitions.map(({ topic, partition }) => partitionName(topic, partition)));
  ownership.release(partitions);
  buffer.drop("the partition was revoked", ({ topic, partition }) => names.has(partitionName(topic, partition)));
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
