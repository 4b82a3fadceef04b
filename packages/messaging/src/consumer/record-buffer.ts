import type { FetchedBatch, TopicPartition } from "../broker.ts";
import type { LostOffsets } from "../start-offset.ts";
import type { Arrival, UnreadableRecord } from "./arrival.ts";

/** Consecutive records of one partition that one transaction takes. */
export type Slice = TopicPartition & {
  /** The token of the assignment under which the records were fetched. */
  readonly owner: string;
  readonly arrivals: readonly Arrival[];
  readonly unreadable: readonly UnreadableRecord[];
  readonly nextOffset: number;
  /** The offsets of records that were deleted before the consumer read them. */
  readonly lost?: LostOffsets | undefined;
};

/** The fetched but uncommitted records of all partitions, oldest first. */
export type RecordBuffer = ReturnType<typeof createRecordBuffer>;

type BufferedBatch = {
  readonly batch: FetchedBatch;
  readonly owner: string;
  readonly records: readonly (Arrival | UnreadableRecord)[];
  taken: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
};

/** Creates an empty buffer. */
export function createRecordBuffer() {
  let batches: BufferedBatch[] = [];

  return {
    size: (): number => batches.reduce((sum, { records, taken }) => sum + records.length - taken, 0),
    isEmpty: (): boolean => batches.length === 0,

    /** Resolves when the whole batch is committed; rejects when the buffer drops the batch. */
    put(batch: FetchedBatch, owner: string, records: readonly (Arrival | UnreadableRecord)[]): Promise<void> {
      return new Promise((resolve, reject) => {
        batches.push({ batch, owner, records, taken: 0, resolve, reject });
      });
    },

    /**
     * Returns the oldest records, up to about `limit`. Until `settle` or `drop` is called, each call returns the same
     * records.
     */
    peek(limit: number): Slice[] {
      const slices: Slice[] = [];
      let left = limit;
      for (const { batch, owner, records, taken } of batches) {
        const some = records.slice(taken, taken + left);
        left -= some.length;
        const isWhole = taken + some.length === records.length;
        const nextOffset = isWhole ? batch.nextOffset : (some.at(-1)?.record.offset ?? 0) + 1;
        slices.push({
          topic: batch.topic,
          partition: batch.partition,
          owner,
          arrivals: some.filter(isArrival),
          unreadable: some.filter((record): record is UnreadableRecord => !isArrival(record)),
          nextOffset,
          lost: batch.lost,
        });
        if (left <= 0) break;
      }
      return slices;
    },

    /** Removes committed slices. */
    settle(slices: readonly Slice[]): void {
      for (const { topic, partition, owner, arrivals, unreadable } of slices) {
        const buffered = batches.find(
          ({ batch, ...e }) => batch.topic === topic && batch.partition === partition && e.owner === owner,
        );
        if (buffered === undefined) continue; // the batch was dropped during the transaction
        buffered.taken += arrivals.length + unreadable.length;
        if (buffered.taken < buffered.records.length) continue;
        batches = batches.filter((other) => other !== buffered);
        buffered.resolve();
      }
    },

    /**
     * Drops the matching batches that are not committed. The next owner of the partitions fetches the dropped records
     * again.
     */
    drop(reason: string, matches: (slice: TopicPartition & { readonly owner: string }) => boolean): void {
      const dropped = batches.filter(({ batch, owner }) =>
        matches({ topic: batch.topic, partition: batch.partition, owner }),
      );
      batches = batches.filter((buffered) => !dropped.includes(buffered));
      for (const buffered of dropped) buffered.reject(new Error(reason));
    },
  };
}

function isArrival(record: Arrival | UnreadableRecord): record is Arrival {
  return "envelope" in record;
}
