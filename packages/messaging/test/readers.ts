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

/** A stand-in for the inbox of a service: the positions of a group and its records, in order. */
export type Inbox = {
  readonly positions: Map<PartitionName, number>;
  readonly records: FetchedRecord[];
  readonly batches: FetchedBatch[];
};

export function createInbox(): Inbox {
  return { positions: new Map(), records: [], batches: [] };
}

export type Reader = {
  readonly inbox: Inbox;
  readonly subscription: Subscription;
  readonly assignments: (readonly TopicPartition[])[];
  /** The values read so far. */
  values(): (string | undefined)[];
};

export type ReaderOptions = Omit<SubscribeOptions, "onAssigned" | "onRecords" | "onCrash"> & {
  readonly inbox?: Inbox;
  readonly onAssigned?: SubscribeOptions["onAssigned"];
  /** Runs before the reader records a batch. If `handle` rejects, the reader does not record the batch. */
  readonly handle?: (batch: FetchedBatch) => Promise<void> | void;
};

/** Subscribes as a service does, and stores the positions of its group. */
export async function read(broker: Broker, options: ReaderOptions): Promise<Reader> {
  const { inbox = createInbox(), handle, ...rest } = options;
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

/** Waits until these subscriptions own all partitions together. */
export async function shared(readers: readonly Reader[], partitions: number): Promise<void> {
  const what = `${readers.length} members share ${partitions} partitions`;
  const share = (): boolean => {
    const counts = readers.map(({ subscription }) => subscription.assigned().length);
    return counts.every((count) => count > 0) && counts.reduce((sum, count) => sum + count, 0) === partitions;
  };
  await waitFor(share, { timeoutMs: 20_000, what });
}

/** Returns `count` records `<key>:1`, `<key>:2`, … for each key, with the keys mixed. */
export function numbered(topic: string, keys: readonly string[], count: number, from = 1): WireRecord[] {
  return Array.from({ length: count }, (_, index) =>
    keys.map((key) => ({ topic, key, headers: { ce_id: `${key}/${from + index}` }, value: `${key}:${from + index}` })),
  ).flat();
}

/** Returns the values of one key in the order of their delivery. */
export function ofKey({ inbox }: Reader, key: string): (string | undefined)[] {
  return inbox.records.filter((record) => record.key === key).map(({ value }) => value);
}

/** A latch on which a handler waits until `open` is called. */
export function createLatch(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}
