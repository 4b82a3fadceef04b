import type { FetchedBatch, FetchedRecord, Log, SubscribeOptions, TopicPartition } from "../broker.ts";
import { deliver } from "../deliver.ts";
import { type LostOffsets, findStartOffset } from "../start-offset.ts";

const batchMax = 500;

/** A record that a group has not taken yet. The buffer calls `taken` when the group has taken the record. */
type WaitingRecord = { readonly record: FetchedRecord; readonly taken: () => void };

/** The member that takes the records of a partition in one generation of the group. */
type Reader = { readonly options: SubscribeOptions; readonly ending: AbortSignal; readonly log: Log };

/** The records of a partition that one group has not taken yet, in order. */
export type PartitionBuffer = {
  readonly partition: TopicPartition;
  push(waiting: WaitingRecord): void;
  /** Drops the records before this offset. A reader that has not taken these records gets a batch with `lost`. */
  deleteBefore(offset: number): void;
  /**
   * Assigns the partition to a reader, which begins at a position. No handler of the previous reader may be running.
   */
  read(reader: Reader, position: number | undefined): void;
  /** Resolves when no delivery runs. Call this function only after the reader has ended. */
  idle(): Promise<void>;
};

/** Creates an empty buffer. `end` returns the offset of the partition's next record. */
export function createPartitionBuffer(partition: TopicPartition, end: () => number): PartitionBuffer {
  const waiting: WaitingRecord[] = [];
  let reader: Reader | undefined;
  let running: Promise<void> | undefined;
  let inHand = 0;
  let firstBatch: FetchedBatch | undefined;
  let lost: LostOffsets | undefined;

  const nextBatch = (): FetchedBatch | undefined => {
    const records = waiting.slice(0, batchMax).map(({ record }) => record);
    const last = records.at(-1);
    return last && { ...partition, records, nextOffset: last.offset + 1, highWatermark: end() };
  };

  const lossBatch = (): FetchedBatch | undefined =>
    lost && { ...partition, records: [], nextOffset: lost.to, highWatermark: end(), lost };

  const run = async (by: Reader): Promise<void> => {
    // The delivery begins in a later turn of the event loop. The records of a `send` are then delivered together, and
    // no handler runs inside the call of `send`.
    await new Promise(setImmediate);
    while (!by.ending.aborted) {
      const batch = lossBatch() ?? firstBatch ?? nextBatch();
      if (batch === undefined) return;
      inHand = batch.records.length;
      const isTaken = await deliver(by.options, batch, by.ending, by.log);
      inHand = 0;
      if (!isTaken) return;
      // The records count as taken even if the generation has ended, because the next generation requests its positions
      // only after this delivery.
      if (batch === firstBatch || batch.lost !== undefined) firstBatch = undefined;
      if (batch.lost !== undefined && batch.lost.to === lost?.to) lost = undefined;
      for (const { taken } of waiting.splice(0, batch.records.length)) taken();
    }
  };

  const wake = (): void => {
    if (running !== undefined || reader === undefined || reader.ending.aborted) return;
    running = run(reader).finally(() => {
      running = undefined;
      if (waiting.length > 0 || lost !== undefined) wake();
    });
  };

  return {
    partition,
    push(record) {
      waiting.push(record);
      wake();
    },
    deleteBefore(offset) {
      const isOld = ({ record }: WaitingRecord): boolean => record.offset < offset;
      const old = waiting.slice(inHand).filter(isOld);
      const [first] = old;
      if (first === undefined) return;
      waiting.splice(inHand, old.length);
      lost = { from: lost?.from ?? first.record.offset, to: Math.min(offset, end()) };
      for (const { taken } of old) taken();
      wake();
    },
    read(by, position) {
      reader = by;
      const range = { low: waiting[0]?.record.offset ?? end(), high: end() };
      const from = findStartOffset(position, range, by.options.fromBeginning ?? true);
      const had = waiting.findIndex(({ record }) => record.offset >= from);
      for (const { taken } of waiting.splice(0, had === -1 ? waiting.length : had)) taken();
      firstBatch =
        from === position ? undefined : { ...partition, records: [], nextOffset: from, highWatermark: range.high };
      wake();
    },
    async idle() {
      await running;
    },
  };
}
