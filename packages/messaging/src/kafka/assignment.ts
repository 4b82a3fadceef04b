import type { FetchedBatch, Log, PartitionName, SubscribeOptions, TopicPartition } from "../broker.ts";
import { askPositions, deliver, untilResolved } from "../deliver.ts";
import { partitionName } from "../partition.ts";
import { startOffset } from "../start-offset.ts";
import type { OffsetRange } from "../start-offset.ts";

/** What an assignment needs of its surroundings. */
export type AssignmentParts = {
  readonly options: SubscribeOptions;
  readonly log: Log;
  readonly ranges: (topics: readonly string[]) => Promise<ReadonlyMap<PartitionName, OffsetRange>>;
  readonly seek: (partition: TopicPartition, offset: number) => void;
};

/** One partition that is ours for now. */
export type Owned = TopicPartition & {
  /** The next offset to hand out: everything before has been taken. Undefined until the positions are known. */
  next: number | undefined;
  /** A batch from this very position has been seen, so the seek has taken effect. */
  settled: boolean;
  /** What Kafka was last told of `next`. */
  committed: number | undefined;
  /** The batch that is being handed out. */
  work: Promise<unknown> | undefined;
};

/** What one generation of the group gave us, from joining to the next rebalance. */
export type Assignment = {
  readonly partitions: ReadonlyMap<PartitionName, Owned>;
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
  { options, log, ranges, seek }: AssignmentParts,
  assigned: readonly TopicPartition[],
  previous: Assignment | undefined,
): Assignment {
  const ending = new AbortController();
  const partitions = new Map<PartitionName, Owned>();
  for (const { topic, partition } of assigned) {
    const owned = { topic, partition, next: undefined, settled: false, committed: undefined, work: undefined };
    partitions.set(partitionName(topic, partition), owned);
  }

  const position = async (): Promise<void> => {
    await previous?.idle();
    const positions = await askPositions(options, assigned, ending.signal, log);
    if (positions === undefined) return;
    const topics = [...new Set(assigned.map(({ topic }) => topic))];
    const found = await untilResolved(
      () => ranges(topics),
      ending.signal,
      (attempt, error) => log.warn({ group: options.group, attempt, err: error }, "the topics' ends are not known yet"),
    );
    if (found.ended || ending.signal.aborted) return;
    for (const [name, owned] of partitions) {
      const range = found.value.get(name) ?? { low: 0, high: 0 };
      const next = startOffset(positions.get(name), range, options.fromBeginning ?? true);
      owned.next = next;
      seek(owned, next);
      if (next === positions.get(name)) continue;
      const batch = { ...pick(owned), records: [], nextOffset: next, highWatermark: range.high };
      start(owned, deliver(options, batch, ending.signal, log));
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

/** Notes that `work` runs for a partition until it has settled. */
export function start(owned: Owned, work: Promise<unknown>): void {
  const noted = work.finally(() => {
    if (owned.work === noted) owned.work = undefined;
  });
  owned.work = noted;
}

/** Hands out a batch and moves the position when it was taken by us, in time. */
export async function handOut(
  { options, log }: AssignmentParts,
  assignment: Assignment,
  owned: Owned,
  batch: FetchedBatch,
): Promise<void> {
  const taken = await deliver(options, batch, assignment.ending, log);
  if (taken && !assignment.ending.aborted) owned.next = batch.nextOffset;
}

function pick({ topic, partition }: Owned): TopicPartition {
  return { topic, partition };
}
