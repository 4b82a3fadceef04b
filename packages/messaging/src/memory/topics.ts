import type { FetchedRecord, PartitionName, TopicPartition, TopicSpec, WireRecord } from "../broker.ts";
import { partitionName, partitionOf } from "../partition.ts";

/** The topics of one process start: how many partitions, and which offset comes next. */
export type MemoryTopics = {
  /** By topic. */
  readonly counts: ReadonlyMap<string, number>;
  /** Makes what is missing and names it. */
  make(specs: readonly TopicSpec[]): string[];
  /** Throws where the topic or the partition does not exist. */
  check(topic: string, partition: number): void;
  /** Gives a record its place. */
  place(record: WireRecord): FetchedRecord;
  endOf(partition: TopicPartition): number;
  endsOf(topic: string): [PartitionName, number][];
};

/** Positions outlive the process, offsets here do not: they begin beyond all those of the process before. */
export function memoryTopics(firstOffset = Date.now() * 1_000): MemoryTopics {
  const counts = new Map<string, number>();
  const ends = new Map<PartitionName, number>();

  const endOf = ({ topic, partition }: TopicPartition): number =>
    ends.get(partitionName(topic, partition)) ?? firstOffset;
  const countOf = (topic: string): number => {
    const count = counts.get(topic);
    if (count === undefined) throw new Error(`there is no topic ${topic}`);
    return count;
  };

  return {
    counts,
    endOf,
    make(specs) {
      const missing = specs.filter(({ topic }) => !counts.has(topic));
      for (const { topic, partitions } of missing) counts.set(topic, partitions);
      return missing.map(({ topic }) => topic);
    },
    check(topic, partition) {
      if (partition < 0 || partition >= countOf(topic)) throw new Error(`${topic} has no partition ${partition}`);
    },
    place({ topic, key, partition = partitionOf(key, countOf(topic)), headers, value }) {
      const offset = endOf({ topic, partition });
      ends.set(partitionName(topic, partition), offset + 1);
      return { topic, partition, offset, key, headers: { ...headers }, value, timestamp: Date.now() };
    },
    endsOf(topic) {
      return Array.from({ length: countOf(topic) }, (_, partition) => [
        partitionName(topic, partition),
        endOf({ topic, partition }),
      ]);
    },
  };
}
