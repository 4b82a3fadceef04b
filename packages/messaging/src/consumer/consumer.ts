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
import type { Broker, FetchedBatch, Log, PartitionName, TopicPartition } from "../broker.ts";
import { partitionName, splitName } from "../partition.ts";
import { traceApply } from "../traces.ts";
import { readRecords } from "./arrival.ts";
import type { ConsumerMetrics } from "./transaction-runner.ts";
import { resumeGaps } from "./gaps.ts";
import { answerQuestions, type GapOptions } from "./heads.ts";
import { type EndOffsetPoll, startEndOffsetPoll } from "./end-offset-poll.ts";
import { createOwnership, type Ownership } from "./ownership.ts";
import { createRecordBuffer, type RecordBuffer } from "./record-buffer.ts";
import { restartIfReset } from "./reset.ts";
import { createOutboxLimit } from "./outbox-limit.ts";
import { startMemberWatch } from "./member-watch.ts";
import type { ConsumerContext } from "./apply-plan.ts";
import { startConsumerLoop } from "./consumer-loop.ts";
import type { LoopContextOptions } from "./loop-context.ts";

/** The options of `startConsumer`. */
export type ConsumerOptions = {
  readonly database: Database;
  readonly broker: Broker;
  /** The consumer group, one per service. */
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * The topics among `topics` that keep only the last record of each key. Gaps in a compacted topic raise no alarm.
   * Default: `compactedTopics`.
   */
  readonly compacted?: readonly string[];
  /** The number of partitions of every topic. If the option is absent, a loss marks no key. */
  readonly partitions?: number;
  /**
   * The settings for the requests and confirmations of last sequences after a loss. With these settings the consumer
   * also reads `topics.gap`.
   */
  readonly gaps?: GapOptions;
  /**
   * Returns keys that the service knows although its consumer has read no record of them. A loss marks the returned
   * keys in addition to the keys of read records.
   */
  readonly knownKeys?: (tx: Tx) => Promise<readonly string[]>;
  /**
   * The event types (`case.opened`) that `apply` handles. The consumer skips records of other types, but counts them as
   * applied. Default: all.
   */
  readonly types?: ReadonlySet<string>;
  /**
   * Returns true for a timeline that this service does not need. The consumer skips the records of such a timeline
   * before it parses them, and saves only the position. The consumer does not skip the event `timeline.removed` if
   * `types` contains this type. The function must always return the same value for a timeline and topic. (In a replay
   * of 141,712 rows, parsing the skipped records cost each service 6 s of CPU.)
   */
  readonly ignores?: (timeline: string, topic: string) => boolean;
  /**
   * Applies events in the transaction that also moves the position, so each event takes effect once. The events of one
   * topic and key are in order, and each event follows its causes. One call gets the events of all partitions, up to
   * about 4,000 events.
   *
   * If `apply` throws, the transaction is rolled back. After a transient fault of the database (`isTransient`) the
   * consumer retries without limit. Any other fault parks the case of the event that causes it. After a rollback
   * `apply` can receive the same events again, in other batches, so `apply` must change data only through `tx`.
   */
  readonly apply: (tx: Tx, events: readonly ReceivedMessage[]) => Promise<void>;
  /**
   * Receives the applied events after the commit, to wake loops. If the process crashes between the commit and this
   * call, the consumer does not repeat the call.
   */
  readonly onApplied?: (events: readonly ReceivedMessage[]) => void;
  /**
   * The consumer reads no records while the outbox of its own schema has more rows than this limit. Default: 50,000.
   */
  readonly outboxLimit?: number;
  readonly log: Log;
  readonly metrics?: ConsumerMetrics;
  readonly tracing?: Tracing;
  /**
   * Runs when the broker's client has failed permanently. The default ends the process, so that its supervisor restarts
   * it.
   */
  readonly onCrash?: (error: Error) => void;
  /** See `SubscribeOptions`. */
  readonly sessionTimeoutMs?: number;
  /** See `SubscribeOptions`. */
  readonly gatherMs?: number;
  /** See `SubscribeOptions`. The consumer also polls end offsets and requested retries at this interval, by default every second. */
  readonly pollMs?: number;
};

/** A running consumer of a service. */
export type Consumer = {
  /**
   * Returns true if the consumer has read every record that a poll of the last `pollAgeMaxMs` found in this partition. Each of
   * these records is then applied, held or parked. After an outage of the broker, the result is false until polls have
   * succeeded for 5 s.
   */
  caughtUp(partition: number): boolean;
  /** The age at which a poll no longer counts for `caughtUp`, in milliseconds: the interval of the polls and 2 s. */
  readonly pollAgeMaxMs: number;
  /** The numbers of the partitions that this process owns on every topic, in ascending order. */
  owned(): readonly number[];
  /**
   * Returns true if this process owns the partition according to Postgres. The process then stays the owner until the
   * transaction ends. The call does not wait for the consumer's own transactions. A loop must call `fence` before it
   * writes for a partition.
   */
  fence(tx: Tx, partition: number): Promise<boolean>;
  /** Checks several partitions as `fence` does, in one statement. Returns the partitions that this process owns. */
  fences(tx: Tx, partitions: readonly number[]): Promise<ReadonlySet<number>>;
  /** Checks at once for requested retries. */
  wake(): void;
  /**
   * Reads all topics from their first record if `resetInbox` has reset a partition of this process. Returns true in this case. A
   * service that resets its inbox must call this function in each of its processes, within 10 s.
   */
  restartIfReset(): Promise<boolean>;
  /**
   * By topic, the number of records of the owned partitions that the broker has and the consumer has not applied. The
   * number is at most about a second old. Undefined if the broker has returned no end offsets for 5 s.
   */
  lag(): Readonly<Record<string, number>> | undefined;
  /** Milliseconds since the broker last returned its end offsets; Infinity before the first time. */
  endOffsetAgeMs(): number;
  /** The total of `lag`, only for partitions that have a position. Admission uses it. */
  behind(): number;
  /**
   * The owned partitions that have lost records, and in which the owner of the topic has not confirmed the last
   * sequences.
   */
  unconfirmed(): readonly PartitionName[];
  /** The number of fetched records whose transaction has not committed. */
  pending(): number;
  /** For readiness: milliseconds since the broker last responded to a fetch. */
  lastFetchAgeMs(): number;
  /**
   * Returns a time in milliseconds for the check of liveness. The result is the larger of two times: the running time
   * of the present transaction, and the time since the last poll of the broker.
   */
  silentMs(): number;
  /**
   * Resolves when the member has left the group and no transaction of the consumer runs. `stop` can be called twice.
   */
  stop(): Promise<void>;
};

const outboxRecordsMax = 50_000;
const gapTopic = allTopics.gap;

/**
 * Reads topics and applies each record exactly once. The position, the effects and the sequences of every key change
 * in one transaction. A schema has one consumer, which can run in any number of replicas. The replicas share the
 * partitions.
 */
export async function startConsumer(options: ConsumerOptions): Promise<Consumer> {
  const { database, broker, group, log } = options;
  const topics = options.gaps === undefined ? options.topics : [...options.topics, gapTopic];
  const { metrics = {}, onApplied = () => {}, onCrash = crash, pollMs } = options;
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
  const loop = startConsumerLoop({ ...shared, isCaughtUp, pollMs });

  // Only a bug causes a rejection here. The process must end rather than seem alive.
  loop.running.catch(onCrash);

  const members = startMemberWatch({ database, group, broker, log, signal });

  const subscribe = () =>
    broker.subscribe({
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
        await bufferBatch(shared, batch);
      },
    });
  const subscribing = subscribe();
  subscribing.catch(() => stopping.abort());
  const reads = { subscription: await subscribing };
  const [claimed, assigned] = [() => loop.claimed(), () => reads.subscription.assigned()];
  const endOffsets = startEndOffsetPoll({ broker, group, topics, ownership, assigned, claimed, log, signal, pollMs });
  poll = endOffsets;
  endOffsets.running.catch(onCrash);

  async function stop(): Promise<void> {
    stopping.abort();
    wakeup.notify();
    buffer.drop("the consumer stops", () => true);
    const loops = [loop.running, endOffsets.running, members.running];
    await Promise.all([reads.subscription.stop(), Promise.allSettled(loops)]);
  }
  let stopped: Promise<void> | undefined;

  return {
    caughtUp: isCaughtUp,
    pollAgeMaxMs: endOffsets.pollAgeMaxMs,
    owned: () => ownership.owned(),
    fence: async (tx, partition) => (await ownership.fences(tx, [partition])).has(partition),
    fences: (tx, partitions) => ownership.fences(tx, partitions),
    wake: () => loop.retrySoon(),
    restartIfReset: () => restartIfReset(shared, reads, subscribe),
    lag: endOffsets.lag,
    endOffsetAgeMs: endOffsets.ageMs,
    silentMs: () => Math.max(loop.transactionMs(), endOffsets.silentMs()),
    behind: endOffsets.behind,
    unconfirmed: () => [...context.unconfirmed].filter((name) => ownership.token(splitName(name)) !== undefined),
    pending: buffer.size,
    lastFetchAgeMs: () => reads.subscription.lastFetchAgeMs(),
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
  if (partitions === undefined) throw new Error("the option `gaps` needs the option `partitions`");
  return {
    ...shared,
    reads: new Set([...topics, gapTopic]),
    wanted: types && new Set([...types, gapTypes.found]),
    asking: { service: gaps.service, topics: new Set(confirmedTopics) },
    apply,
    answer: (tx, questions) => answerQuestions(tx, gaps, partitions, questions),
  };
}

/** Resolves when the records of the batch are applied. */
async function bufferBatch(
  { ownership, buffer, context, wakeup, signal }: Omit<LoopContextOptions, "isCaughtUp">,
  batch: FetchedBatch,
): Promise<void> {
  const owner = ownership.token(batch);
  if (signal.aborted || owner === undefined) throw new Error("this process does not own the partition");
  const taken = buffer.put(batch, owner, readRecords(batch.records, context));
  wakeup.notify();
  await taken;
}

function releasePartitions(
  { ownership, buffer }: { readonly ownership: Ownership; readonly buffer: RecordBuffer },
  partitions: readonly TopicPartition[],
): void {
  const names = new Set(partitions.map(({ topic, partition }) => partitionName(topic, partition)));
  ownership.release(partitions);
  buffer.drop("the partition was revoked", ({ topic, partition }) => names.has(partitionName(topic, partition)));
}

type Pace = Pick<ConsumerOptions, "sessionTimeoutMs" | "gatherMs" | "pollMs">;

function paceOf({ sessionTimeoutMs, gatherMs, pollMs }: ConsumerOptions): Pace {
  return {
    ...(sessionTimeoutMs !== undefined && { sessionTimeoutMs }),
    ...(gatherMs !== undefined && { gatherMs }),
    ...(pollMs !== undefined && { pollMs }),
  };
}

function crash(error: Error): void {
  queueMicrotask(() => {
    throw error;
  });
}
