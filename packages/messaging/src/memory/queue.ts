import type { FetchedBatch, FetchedRecord, Log, SubscribeOptions, TopicPartition } from "../broker.ts";
import { deliver } from "../deliver.ts";
import { startOffset } from "../start-offset.ts";

const batchMax = 500;

/** One record on its way to one group; `taken` is called when the group has it. */
type Waiting = { readonly record: FetchedRecord; readonly taken: () => void };

/** Who hands a queue's records out, for one generation of the group. */
type Reader = { readonly options: SubscribeOptions; readonly ending: AbortSignal; readonly log: Log };

/** What one group has not taken yet of one partition, in order. */
export type Queue = {
  readonly partition: TopicPartition;
  push(waiting: Waiting): void;
  /** Takes the partition over from a position. The reader before has ended and nothing of it runs any more. */
  read(reader: Reader, position: number | undefined): void;
  /** Resolves when no batch is being handed out. To be asked when the reader has ended. */
  idle(): Promise<void>;
};

/** `end` tells the offset that the partition's next record will get. */
export function partitionQueue(partition: TopicPartition, end: () => number): Queue {
  const waiting: Waiting[] = [];
  let reader: Reader | undefined;
  let running: Promise<void> | undefined;
  let firstBatch: FetchedBatch | undefined;

  const nextBatch = (): FetchedBatch | undefined => {
    const records = waiting.slice(0, batchMax).map(({ record }) => record);
    const last = records.at(-1);
    return last && { ...partition, records, nextOffset: last.offset + 1, highWatermark: end() };
  };

  const run = async (by: Reader): Promise<void> => {
    // Not before what runs now is done: a `send` hands its records over as a whole, and never into its caller's stack.
    await new Promise(setImmediate);
    while (!by.ending.aborted) {
      const batch = firstBatch ?? nextBatch();
      if (batch === undefined) return;
      if (!(await deliver(by.options, batch, by.ending, by.log))) return;
      // Taken, even if the generation has ended meanwhile: the next one asks for its positions only after this.
      if (batch === firstBatch) firstBatch = undefined;
      for (const { taken } of waiting.splice(0, batch.records.length)) taken();
    }
  };

  const wake = (): void => {
    if (running !== undefined || reader === undefined || reader.ending.aborted) return;
    running = run(reader).finally(() => {
      running = undefined;
      if (waiting.length > 0) wake();
    });
  };

  return {
    partition,
    push(record) {
      waiting.push(record);
      wake();
    },
    read(by, position) {
      reader = by;
      const range = { low: waiting[0]?.record.offset ?? end(), high: end() };
      const from = startOffset(position, range, by.options.fromBeginning ?? true);
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
