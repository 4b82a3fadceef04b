import type { FetchedBatch, Log, PartitionName, SubscribeOptions, TopicPartition } from "../broker.ts";
import { requestPositions, deliver, retryUntilResolved } from "../deliver.ts";
import { partitionName } from "../partition.ts";
import { lostOffsets, startOffset } from "../start-offset.ts";
import type { OffsetRange } from "../start-offset.ts";

/** What an assignment needs of its surroundings. */
export type AssignmentContext = {
  readonly options: SubscribeOptions;
  readonly log: Log;
  readonly ranges: (topics: readonly string[]) => Promise<ReadonlyMap<PartitionName, OffsetRange>>;
  readonly seek: (partition: TopicPartition, offset: number) => void;
};

/** One partition that is ours for now. */
export type OwnedPartition = TopicPartition & {
  /** Everything before this offset has been taken. Undefined until the positions are known. */
  next: number | undefined;
  /** The offset that the next fetched batch goes on at: `next`, and what was fetched ahead of it. */
  fetchedTo: number | undefined;
  /** A batch from this very position has been seen, so the seek has taken effect. */
  settled: boolean;
  /** What Kafka was last told of `next`. */
  committed: number | undefined;
  /** The batch that is being handed out. */
  delivery: Promise<unknown> | undefined;
  /** Fetched meanwhile; handed out as one batch when that one has been taken. */
  ahead: FetchedBatch[];
  /** What the values of `ahead` take, about. */
  aheadBytes: number;
  /** Runs until all that was fetched has been handed out. */
  work: Promise<void> | undefined;
};

/** What one generation of the group gave us, from joining to the next rebalance. */
export type Assignment = {
  readonly partitions: ReadonlyMap<PartitionName, OwnedPartition>;
  /** Resolves when the seeks are made, or when the assignment has ended before. Never rejects. */
  readonly ready: Promise<void>;
  readonly ending: AbortSignal;
  /** No more tries, and what still runs has no say any more. */
  end(): void;
  /** Resolves when nothing that was handed out is running. */
  idle(): Promise<void>;
};

/**
 * Takes partitions over: waits until nothing of the assignment before is running, asks for the positions and seeks.
 * Where a position is not to be had (any more), an empty batch tells the owner where it goes on.
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
    const found = await retryUntilResolved(
      () => ranges(topics),
      ending.signal,
      (attempt, error) => log.warn({ group: options.group, attempt, err: error }, "the topics' ends are not known yet"),
    );
    if (found.ended || ending.signal.aborted) return;
    for (const [name, owned] of partitions) {
      const range = found.value.get(name) ?? { low: 0, high: 0 };
      const fromBeginning = options.fromBeginning ?? true;
      const next = startOffset(positions.get(name), range, fromBeginning);
      const lost = lostOffsets(positions.get(name), range, fromBeginning);
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
      previous = undefined; // else every assignment would hold all those before it
    },
  };
}

/**
 * Hands out a batch after those that are being handed out. What comes while one is on its way is joined into the next, so
 * that fetching goes on meanwhile: to wait for each cost every hop a whole cycle of fetch and transaction. The position
 * moves when a batch was taken by us, in time.
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

/** Says that the records from where the owner has fetched to were deleted, up to this offset. Fetching goes on there. */
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

/** Takes what was fetched ahead, as far as it is one run of offsets. */
function joinAhead(owned: OwnedPartition): FetchedBatch | undefined {
  const { ahead } = owned;
  owned.aheadBytes = 0;
  const [first, ...others] = ahead;
  if (first === undefined) return undefined;
  // A loss is told by a batch of its own, also where a topic that was made again begins at 0.
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
