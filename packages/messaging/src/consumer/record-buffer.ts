import type { FetchedBatch, TopicPartition } from "../broker.ts";
import type { LostOffsets } from "../start-offset.ts";
import type { Arrival, UnreadableRecord } from "./arrival.ts";

/** Some consecutive records of one partition that one transaction takes. */
export type Slice = TopicPartition & {
  /** The assignment under which they were fetched. */
  readonly owner: string;
  readonly arrivals: readonly Arrival[];
  readonly unreadable: readonly UnreadableRecord[];
  readonly nextOffset: number;
  /** Deleted before it was read. */
  readonly lost?: LostOffsets | undefined;
};

/** What was fetched and is not committed, of all partitions together, oldest first. */
export type RecordBuffer = ReturnType<typeof createRecordBuffer>;

type BufferedBatch = {
  readonly batch: FetchedBatch;
  readonly owner: string;
  readonly records: readonly (Arrival | UnreadableRecord)[];
  taken: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
};

export function createRecordBuffer() {
  let entries: BufferedBatch[] = [];

  return {
    size: (): number => entries.reduce((sum, { records, taken }) => sum + records.length - taken, 0),
    isEmpty: (): boolean => entries.length === 0,

    /** Resolves when all of the batch is committed; rejects when it was dropped. */
    put(batch: FetchedBatch, owner: string, records: readonly (Arrival | UnreadableRecord)[]): Promise<void> {
      return new Promise((resolve, reject) => {
        entries.push({ batch, owner, records, taken: 0, resolve, reject });
      });
    },

    /** The oldest records, up to about `limit`; the same again until `settle` or `drop`. */
    peek(limit: number): Slice[] {
      const slices: Slice[] = [];
      let left = limit;
      for (const { batch, owner, records, taken } of entries) {
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

    /** Committed. */
    settle(slices: readonly Slice[]): void {
      for (const { topic, partition, owner, arrivals, unreadable } of slices) {
        const entry = entries.find(
          ({ batch, ...e }) => batch.topic === topic && batch.partition === partition && e.owner === owner,
        );
        if (entry === undefined) continue; // dropped meanwhile
        entry.taken += arrivals.length + unreadable.length;
        if (entry.taken < entry.records.length) continue;
        entries = entries.filter((other) => other !== entry);
        entry.resolve();
      }
    },

    /** Gives back what is not committed and matches; it is fetched again, by whoever owns it then. */
    drop(reason: string, matches: (slice: TopicPartition & { readonly owner: string }) => boolean): void {
      const dropped = entries.filter(({ batch, owner }) =>
        matches({ topic: batch.topic, partition: batch.partition, owner }),
      );
      entries = entries.filter((entry) => !dropped.includes(entry));
      for (const entry of dropped) entry.reject(new Error(reason));
    },
  };
}

function isArrival(record: Arrival | UnreadableRecord): record is Arrival {
  return "envelope" in record;
}
