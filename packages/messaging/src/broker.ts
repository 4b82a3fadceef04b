/**
 * The port between the services and the broker. The port has two adapters, `kafkaBroker` and `memoryBroker`. The
 * conformance suite (`test/conformance.test.ts`) checks every guarantee of this file with both adapters.
 */

import type { LostOffsets } from "./start-offset.ts";

/** A logger with the signature of pino: fields first, then a constant message. */
export type Log = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/** The settings of a topic. `partitions` applies when the topic is created; an existing topic keeps its number. */
export type TopicSpec = {
  readonly topic: string;
  readonly partitions: number;
  /**
   * If true, Kafka keeps only the last record of every key, without a time limit. If false, Kafka keeps every record
   * for the broker's retention.
   */
  readonly compacted: boolean;
};

/** A record to send. If `partition` is absent, the partition is `partitionOf(key, partitions of the topic)`. */
export type WireRecord = {
  readonly topic: string;
  readonly key: string;
  readonly partition?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
};

/**
 * A record as the broker returned it. Any client can write to Kafka, so key, value and headers can be missing or
 * invalid.
 */
export type FetchedRecord = {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string | undefined;
  /**
   * The time at which the broker stored the record, in epoch milliseconds of the broker's clock. The event itself can
   * have a different time.
   */
  readonly timestamp: number;
};

/** A partition of one topic. */
export type TopicPartition = { readonly topic: string; readonly partition: number };

/** The key of a partition in a map: `<topic>/<partition>`, made by `partitionName`. */
export type PartitionName = `${string}/${number}`;

/**
 * The next offset to read, by partition. Without a position, the group begins at the offset that `fromBeginning`
 * selects.
 */
export type Positions = ReadonlyMap<PartitionName, number | undefined>;

/** Consecutive records of one partition, in order. */
export type FetchedBatch = TopicPartition & {
  /**
   * The list is empty if no record exists between the position from `onAssigned` and `nextOffset`. The adapter delivers
   * an empty batch without `lost` at most once in each assignment of a partition.
   */
  readonly records: readonly FetchedRecord[];
  /**
   * The position after this batch, which the handler must store unchanged. If the topic was created again, this
   * position is lower than the position before the batch.
   */
  readonly nextOffset: number;
  /**
   * The offsets of records that were deleted before their delivery. The reason is the retention, an operator, or a new
   * creation of the topic. A batch with `lost` has no records. The adapter delivers such a batch before the next record
   * of the partition. If no record follows, the adapter delivers the batch within 10 s.
   */
  readonly lost?: LostOffsets;
  /** The offset after the partition's last record at the time of the fetch. */
  readonly highWatermark: number;
};

/** The options of a subscription: the group, its topics and the handlers. */
export type SubscribeOptions = {
  /** The members of a group share the partitions: partition p of every topic goes to the same member. */
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * The adapter calls this function after each join or rejoin, before it delivers any record. The argument lists all
   * partitions that this member now owns. The handler returns the positions of these partitions from Postgres, and the
   * adapter begins to read at these positions. Calls never overlap, and no `onRecords` of this subscription runs during
   * a call. If the promise rejects, the adapter logs the error and retries with back-off.
   */
  readonly onAssigned: (partitions: readonly TopicPartition[]) => Promise<Positions>;
  /**
   * The adapter calls this function when it loses partitions, at each rebalance and on stop. Another member may own the
   * partitions already, so the handler can only release its own resources. The generation in Postgres protects the
   * data.
   */
  readonly onRevoked?: (partitions: readonly TopicPartition[]) => void;
  /**
   * The adapter calls this function with each fetched batch. Calls for different partitions are concurrent, and calls
   * for one partition are strictly in order. The adapter delivers the next batch of a partition after the promise has
   * resolved. If the promise rejects, the adapter delivers the same batch again with back-off, until the handler
   * succeeds or the partition is revoked. A handler may take any time, because the adapter keeps the membership alive.
   * A handler must not await a `send`, because the in-process broker resolves a `send` only after the handlers of all
   * groups.
   */
  readonly onRecords: (batch: FetchedBatch) => Promise<void>;
  /**
   * If true (default), the group reads a partition without a position from the first record. If false, the group begins
   * after the last record.
   */
  readonly fromBeginning?: boolean;
  /**
   * The time for which a member can be silent before its partitions go to other members. Default: 6000 ms, the broker's
   * minimum, or three times `pollMs`.
   */
  readonly sessionTimeoutMs?: number;
  /**
   * The time for which records gather after a fetch that has emptied a partition, in milliseconds. Default: 20. The
   * adapter delivers a single record without this delay. Each fetch costs a transaction. Under load, a longer wait
   * between fetches therefore saves work in a service whose effects are not urgent.
   */
  readonly gatherMs?: number;
  /**
   * The interval between the member's requests while no record arrives, in milliseconds. By default, the member sends a fetch
   * every second and a heartbeat every 500 ms. A new record ends a waiting fetch at once.
   */
  readonly pollMs?: number;
  /** The adapter calls this function after each join or rejoin, with the broker's name for this member. */
  readonly onJoined?: (memberId: string) => void;
  /** The subscription has ended permanently and will not recover. The process must exit. */
  readonly onCrash: (error: Error) => void;
};

/**
 * The default of `SubscribeOptions.gatherMs`. The time from the stall to the vendor was measured at 1,000 crossings per
 * second, in three runs with each value. With 10 ms the p99 is 163 to 286 ms, and with 20 ms the p99 is 188 to 226 ms.
 * The p50 is the same with both values, because most of the measured time is a wait for a core.
 */
export const gatherMs = 20;

/** A member's subscription to the topics of its group. */
export type Subscription = {
  /**
   * Resolves when no handler of this subscription runs and the member has left the group. `stop` can be called twice.
   */
  stop(): Promise<void>;
  /** The partitions that this member owns and for which `onAssigned` has resolved. */
  assigned(): readonly TopicPartition[];
  /**
   * Milliseconds since the last fetch response of the broker, with or without records. Infinity before the first
   * response.
   */
  lastFetchAgeMs(): number;
};

/** The port to Kafka, or to the in-process broker that replaces Kafka. */
export type Broker = {
  readonly name: "kafka" | "memory";
  /**
   * Creates missing topics and waits until they are usable. Several processes can call this function at once and
   * repeatedly.
   */
  ensureTopics(topics: readonly TopicSpec[]): Promise<void>;
  /**
   * Sends records and keeps the order of the array within each partition. Resolves when every record is safe. On Kafka
   * a record is safe when all in-sync replicas have it. On the in-process broker a record is safe when `onRecords` of
   * every subscribed group has resolved for that record. If the promise rejects, some records may be stored, and the
   * caller must send all of them again. Throws `RecordTooLargeError` for a record over 1 MB.
   */
  send(records: readonly WireRecord[]): Promise<void>;
  /**
   * Joins a group and delivers its records. Resolves when the subscription has started; the member may join the group a
   * moment later.
   */
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /**
   * Removes a member whose process has ended from a group. Does nothing if the member has left already. Undefined for a
   * broker that always knows whether a member has ended.
   */
  readonly removeMember?: (group: string, memberId: string) => Promise<void>;
  /**
   * Returns the offset after the last record, for every partition of these topics. Rejects if the broker is
   * unavailable.
   */
  endOffsets(topics: readonly string[]): Promise<ReadonlyMap<PartitionName, number>>;
  /**
   * Reads a partition from its first record to its present end, without a group. Rejects if the topic does not exist
   * or the broker is unavailable. Undefined if the broker keeps no records.
   */
  readonly readPartition?: (place: TopicPartition) => AsyncIterable<FetchedRecord>;
  /**
   * Deletes the records before these offsets, as retention does. A subscriber that had not read these records gets a
   * batch with `lost`.
   */
  deleteRecords(before: ReadonlyMap<PartitionName, number>): Promise<void>;
  /**
   * Returns one sentence if the broker has refused a request in the last 30 s. The sentence names the password, the certificate or the right
   * that is wrong or missing. Undefined for a broker that refuses no request.
   */
  readonly refusal?: () => string | undefined;
  /** Returns the partition of a key among `count` partitions. All adapters use Kafka's murmur2. */
  partitionOf(key: string, count: number): number;
  /** Stops all subscriptions and closes all connections. `close` can be called twice. */
  close(): Promise<void>;
};
