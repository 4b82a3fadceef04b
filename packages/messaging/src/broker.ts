/**
 * The port between the services and whatever carries their facts. Two adapters keep it, `kafkaBroker` and
 * `memoryBroker`, and one conformance suite (`test/conformance.test.ts`) holds both to every promise below.
 */

import type { LostOffsets } from "./start-offset.ts";

/** Where log lines go; pino's shape: fields first, then a constant message. */
export type Log = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/** A topic as it should be. `partitions` counts when the topic is made; an existing topic is left as it is. */
export type TopicSpec = {
  readonly topic: string;
  readonly partitions: number;
  /** Keeps the last record of every key for ever, instead of every record for the broker's retention. */
  readonly compacted: boolean;
};

/** One record to be sent. Without `partition` it goes to `partitionOf(key, partitions of the topic)`. */
export type WireRecord = {
  readonly topic: string;
  readonly key: string;
  readonly partition?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
};

/** One record as it was found. Anybody may have written it: key and value can be missing, headers can be nonsense. */
export type FetchedRecord = {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string | undefined;
  /** When the broker took it, in epoch ms by the broker's clock; never the time of the event. */
  readonly timestamp: number;
};

/** One partition of one topic. */
export type TopicPartition = { readonly topic: string; readonly partition: number };

/** What a position is kept under in a map: `<topic>/<partition>`, made by `partitionName`. */
export type PartitionName = `${string}/${number}`;

/** Next offset to read, by partition. No entry, or undefined: never read, begin as `fromBeginning` says. */
export type Positions = ReadonlyMap<PartitionName, number | undefined>;

/** Some consecutive records of one partition, in order. */
export type FetchedBatch = TopicPartition & {
  /**
   * May be empty: then there is nothing (any more, or yet) between the position that `onAssigned` gave and
   * `nextOffset`, and the batch only says so. Without `lost` this comes at most once per assignment of a partition.
   */
  readonly records: readonly FetchedRecord[];
  /** The position after this batch: store it as it is, also where it is lower than before (a topic made anew). */
  readonly nextOffset: number;
  /**
   * Records were deleted before they were handed out, by retention or by hand, or the topic was made again. Such a batch has
   * no records, comes before the next record of its partition, and within 10 s where no next record comes.
   */
  readonly lost?: LostOffsets;
  /** Offset after the partition's last record, when this batch was fetched. */
  readonly highWatermark: number;
};

export type SubscribeOptions = {
  /** Members of one group share the partitions: partition p of every topic goes to the same member. */
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * Called after each (re)joining, with all partitions that are now ours, before any record of them is handed out.
   * Positions are the caller's (they lie in Postgres beside the effects); the adapter reads on from those given here.
   * The calls never overlap, and no `onRecords` of this subscription runs meanwhile. A rejection is logged and tried
   * again with back-off.
   */
  readonly onAssigned: (partitions: readonly TopicPartition[]) => Promise<Positions>;
  /**
   * Called when partitions stopped being ours, at each rebalance and on stop. Another member may have them already:
   * what protects from that is the generation in Postgres, this is only for tidying up.
   */
  readonly onRevoked?: (partitions: readonly TopicPartition[]) => void;
  /**
   * Called with what was fetched; concurrently for different partitions, strictly in order for each: the next batch of
   * a partition comes after the promise has resolved. A rejection brings the same batch again, with back-off, until it
   * resolves or the partition is revoked. It may take as long as it needs; the membership is kept alive meanwhile. It
   * must not await a `send` of its own: in memory that would wait for itself.
   */
  readonly onRecords: (batch: FetchedBatch) => Promise<void>;
  /** Where a partition without a position begins: at its first record (default), or with what comes from now on. */
  readonly fromBeginning?: boolean;
  /** How long a member can be silent before its partitions go to others, default 6000 (the broker's minimum). */
  readonly sessionTimeoutMs?: number;
  /**
   * How long to let records gather after a fetch that has emptied a partition, before the next one, in milliseconds;
   * default 20. A record that comes alone is not kept waiting. Each fetch costs a transaction, so under load it pays to
   * take longer where nobody waits for the effect.
   */
  readonly gatherMs?: number;
  /** Called after each (re)joining with the name by which the broker knows this member. */
  readonly onJoined?: (memberId: string) => void;
  /** The subscription has ended for good and will not come back by itself: the process should exit. */
  readonly onCrash: (error: Error) => void;
};

/**
 * Where `SubscribeOptions.gatherMs` is not given. (At 1,000 crossings a second, from the stall to the vendor, three runs each: p99 163 to
 * 286 ms with 10, 188 to 226 with 20; p50 the same, as waiting for a core is most of it.)
 */
export const gatherMs = 20;

export type Subscription = {
  /** Resolves when no handler of this subscription runs any more and the group was left. Calling it twice is fine. */
  stop(): Promise<void>;
  /** The partitions that are ours and positioned, i.e. `onAssigned` has resolved for them. */
  assigned(): readonly TopicPartition[];
  /** Milliseconds since the broker last answered a fetch (with records or without); Infinity before the first. */
  lastFetchAgeMs(): number;
};

export type Broker = {
  readonly name: "kafka" | "memory";
  /** Makes what is missing and waits until it can be used. Several processes may do so at once, as often as they like. */
  ensureTopics(topics: readonly TopicSpec[]): Promise<void>;
  /**
   * Sends; the order of the array is kept within each partition. Resolves when every record is safe: on Kafka, when all
   * in-sync replicas have it; in memory, when the `onRecords` of every subscribed group has resolved for it. Rejects
   * otherwise; then some of the records may have been taken, and sending all of them again is the way on.
   * A record over 1 MB is refused (`RecordTooLargeError`).
   */
  send(records: readonly WireRecord[]): Promise<void>;
  /** Joins a group and begins to hand out records. Resolves once started; it may be joined a moment later. */
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /**
   * Leaves a group for a member whose process is gone; fine where it is out already. Not there where a member cannot be gone
   * without the broker's knowing it.
   */
  readonly removeMember?: (group: string, memberId: string) => Promise<void>;
  /** The offset after the last record of every partition of these topics. Rejects when the broker cannot be asked. */
  endOffsets(topics: readonly string[]): Promise<ReadonlyMap<PartitionName, number>>;
  /**
   * Reads a partition from its first record to its present end, without a group. Rejects where the topic does not exist or the broker
   * cannot be reached. Not there where the broker keeps no records.
   */
  readonly readPartition?: (place: TopicPartition) => AsyncIterable<FetchedRecord>;
  /** Deletes what lies before these offsets, as retention does. A subscriber that had not read it gets a batch with `lost`. */
  deleteRecords(before: ReadonlyMap<PartitionName, number>): Promise<void>;
  /** The partition of a key among `count`, the same on all adapters: Kafka's murmur2. */
  partitionOf(key: string, count: number): number;
  /** Stops all subscriptions and lets go of all connections. Calling it twice is fine. */
  close(): Promise<void>;
};
