import type { FetchedBatch, Log, PartitionName, SubscribeOptions, TopicPartition } from "../broker.ts";
import { requestPositions, deliver, retryUntilResolved } from "../deliver.ts";
import { partitionName } from "../partition.ts";
import { findLostOffsets, findStartOffset } from "../start-offset.ts";
import type { OffsetRange } from "../start-offset.ts";

/** The parts of a session that its assignments use. */
export type AssignmentContext = {
  readonly options: SubscribeOptions;
  readonly log: Log;
  readonly ranges: (topics: readonly string[]) => Promise<ReadonlyMap<PartitionName, OffsetRange>>;
  readonly seek: (partition: TopicPartition, offset: number) => void;
};

/** A partition that this member owns in the present generation. */
export type OwnedPartition = TopicPartition & {
  /** The handler has taken all records before this offset. Undefined while the positions are unknown. */
  next: number | undefined;
  /** The offset at which the next fetched batch begins: `next` plus the records that were fetched ahead. */
  fetchedTo: number | undefined;
  /** True after a batch has arrived that begins at the position of the seek. The seek has then taken effect. */
  settled: boolean;
  /** The last value of `next` that was committed to Kafka. */
  committed: number | undefined;
  /** The batch that the handler is processing. */
  delivery: Promise<unknown> | undefined;
  /**
   * Batches that were fetched while the handler processes `delivery`. The adapter later delivers these batches as one
   * batch.
   */
  ahead: FetchedBatch[];
  /** The approximate size of the values in `ahead`, in bytes. */
  aheadBytes: number;
  /** The loop that runs until all fetched batches are delivered. */
  work: Promise<void> | undefined;
};

/** The partitions that this member owns in one generation of the group, from a join to the next rebalance. */
export type Assignment = {
  readonly partitions: ReadonlyMap<PartitionName, OwnedPartition>;
  /** Resolves when the seeks are done, or when the assignment ends first. Never rejects. */
  readonly ready: Promise<void>;
  readonly ending: AbortSignal;
  /** Ends the assignment. Ends all retries, and ignores the results of running handlers. */
  end(): void;
  /** Resolves when no handler is running. */
  idle(): Promise<void>;
};

/**
 * Takes partitions over: waits until no handler of the previous assignment runs, requests the positions and seeks. If a
 * position is missing or no longer exists, an empty batch informs the handler of the new position.
 */
export function beginAssignment(
  context: AssignmentContext,
  assigned: readonly TopicPartition[],
  previous: Assignment | undefined,
): Assignment {
  const { options, log, ranges, seek } = context;
  const ending = new AbortController();
  const partitions = new Map<PartitionName, OwnedPartition>();
  for (const { topic, partition } of assigned) {
    partitions.set(partitionName(topic, partition), createOwned({ topic, partition }));
  }

  const position = async (): Promise<void> => {
    await previous?.idle();
    const positions = await requestPositions(options, assigned, ending.signal, log);
    if (positions === undefined) return;
    const topics = [...new Set(assigned.map(({ topic }) => topic))];
    const offsetRanges = await retryUntilResolved(
      () => ranges(topics),
      ending.signal,
      (attempt, error) =>
        log.warn({ group: options.group, attempt, err: error }, "the ends of the topics are not known yet"),
    );
    if (offsetRanges.ended || ending.signal.aborted) return;
    for (const [name, owned] of partitions) {
      const range = offsetRanges.value.get(name) ?? { low: 0, high: 0 };
      const fromBeginning = options.fromBeginning ?? true;
      const next = findStartOffset(positions.get(name), range, fromBeginning);
      const lost = findLostOffsets(positions.get(name), range, fromBeginning);
      owned.next = next;
      owned.fetchedTo = next;
      seek(owned, next);
      if (next === positions.get(name)) continue;
      const batch = { ...pick(owned), records: [], nextOffset: next, highWatermark: range.high };
      handOut(context, ending.signal, owned, { ...batch, ...(lost && { lost }) });
    }
  };

  const ready = position().catch((error: unknown) => {
    log.error({ group: options.group, err: error }, "partitions could not be taken over");
  });

  return {
    partitions,
    ready,
    ending: ending.signal,
    end() {
      if (ending.signal.aborted) return;
      ending.abort();
      if (assigned.length > 0) options.onRevoked?.(assigned);
    },
    async idle() {
      await previous?.idle();
      await ready;
      await Promise.all([...partitions.values()].flatMap(({ work }) => work ?? []));
      previous = undefined; // otherwise every assignment would reference all earlier assignments
    },
  };
}

/**
 * Delivers a batch after the batches that the handler is processing. Batches that arrive during a delivery are joined
 * and delivered next, so fetching continues. If fetching waited for each batch, every record would be delayed by a full
 * cycle of fetch and transaction. The position moves after the handler has taken the batch, if the assignment has not
 * ended.
 */
export function handOut(
  context: AssignmentContext,
  ending: AbortSignal,
  owned: OwnedPartition,
  batch: FetchedBatch,
): void {
  owned.ahead.push(batch);
  owned.work ??= drain(context, ending, owned);
}

async function drain({ options, log }: AssignmentContext, ending: AbortSignal, owned: OwnedPartition): Promise<void> {
  for (let batch = joinAhead(owned); batch !== undefined; batch = joinAhead(owned)) {
    const delivery = deliver(options, batch, ending, log);
    owned.delivery = delivery;
    if (!(await delivery) || ending.aborted) break;
    owned.next = batch.nextOffset;
  }
  owned.ahead = [];
  owned.delivery = undefined;
  owned.work = undefined;
}

/**
 * Delivers a batch with `lost` for the records from `fetchedTo` up to the first offset that still exists. Fetching
 * continues at the first offset that still exists.
 */
export function handOutLoss(
  context: AssignmentContext,
  { ending }: Assignment,
  owned: OwnedPartition,
  range: OffsetRange,
): void {
  const from = owned.fetchedTo ?? 0;
  const to = range.low;
  owned.fetchedTo = to;
  const batch = { ...pick(owned), records: [], nextOffset: to, highWatermark: range.high, lost: { from, to } };
  handOut(context, ending, owned, batch);
}

/** Takes the batches that were fetched ahead, and joins batches with consecutive offsets. */
function joinAhead(owned: OwnedPartition): FetchedBatch | undefined {
  const { ahead } = owned;
  owned.aheadBytes = 0;
  const [first, ...others] = ahead;
  if (first === undefined) return undefined;
  // A loss is a separate batch, even if a topic that was created again begins at 0.
  const end = first.lost === undefined ? others.findIndex(({ lost }) => lost !== undefined) : 0;
  const run = ahead.splice(0, end === -1 ? ahead.length : end + 1);
  const last = run.at(-1) ?? first;
  return { ...last, records: run.length === 1 ? last.records : run.flatMap(({ records }) => records) };
}

function createOwned(place: TopicPartition): OwnedPartition {
  return {
    ...place,
    next: undefined,
    fetchedTo: undefined,
    settled: false,
    committed: undefined,
    delivery: undefined,
    ahead: [],
    aheadBytes: 0,
    work: undefined,
  };
}

function pick({ topic, partition }: OwnedPartition): TopicPartition {
  return { topic, partition };
}
