import type {
  Broker,
  FetchedBatch,
  FetchedRecord,
  Log,
  PartitionName,
  SubscribeOptions,
  Subscription,
  TopicPartition,
  WireRecord,
} from "@crossline/messaging";
import { partitionName } from "@crossline/messaging";
import { waitFor } from "@crossline/testing";

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** Stands for the inbox table of one service: where a group has got to, and what it has seen, in order. */
export type Inbox = {
  readonly positions: Map<PartitionName, number>;
  readonly records: FetchedRecord[];
  readonly batches: FetchedBatch[];
};

export function newInbox(): Inbox {
  return { positions: new Map(), records: [], batches: [] };
}

export type Reader = {
  readonly inbox: Inbox;
  readonly subscription: Subscription;
  readonly assignments: (readonly TopicPartition[])[];
  /** Values seen so far. */
  values(): (string | undefined)[];
};

export type ReaderOptions = Omit<SubscribeOptions, "onAssigned" | "onRecords" | "onCrash"> & {
  readonly inbox?: Inbox;
  readonly onAssigned?: SubscribeOptions["onAssigned"];
  /** Runs before the batch is noted; when it rejects, the batch is not. */
  readonly handle?: (batch: FetchedBatch) => Promise<void> | void;
};

/** Subscribes as a service does, with positions of its own, and waits until it has its partitions. */
export async function read(broker: Broker, options: ReaderOptions): Promise<Reader> {
  const { inbox = newInbox(), handle, ...rest } = options;
  const assignments: (readonly TopicPartition[])[] = [];
  const subscription = await broker.subscribe({
    ...rest,
    onAssigned: async (partitions) => {
      assignments.push(partitions);
      return options.onAssigned ? options.onAssigned(partitions) : new Map(inbox.positions);
    },
    onRecords: async (batch) => {
      await handle?.(batch);
      inbox.positions.set(partitionName(batch.topic, batch.partition), batch.nextOffset);
      inbox.batches.push(batch);
      inbox.records.push(...batch.records);
    },
    onCrash: (error) => {
      throw error;
    },
  });
  return { inbox, subscription, assignments, values: () => inbox.records.map(({ value }) => value) };
}

/** Waits until these subscriptions have all partitions among them. */
export async function shared(readers: readonly Reader[], partitions: number): Promise<void> {
  const what = `${readers.length} members share ${partitions} partitions`;
  const share = (): boolean => {
    const counts = readers.map(({ subscription }) => subscription.assigned().length);
    return counts.every((count) => count > 0) && counts.reduce((sum, count) => sum + count, 0) === partitions;
  };
  await waitFor(share, { timeoutMs: 20_000, what });
}

/** `count` records `<key>:1`, `<key>:2`, … for each key, the keys mixed. */
export function numbered(topic: string, keys: readonly string[], count: number, from = 1): WireRecord[] {
  return Array.from({ length: count }, (_, index) =>
    keys.map((key) => ({ topic, key, headers: { ce_id: `${key}/${from + index}` }, value: `${key}:${from + index}` })),
  ).flat();
}

/** What was seen of one key, in the order in which it was seen. */
export function ofKey({ inbox }: Reader, key: string): (string | undefined)[] {
  return inbox.records.filter((record) => record.key === key).map(({ value }) => value);
}

/** A handler that waits until it is let go. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}
