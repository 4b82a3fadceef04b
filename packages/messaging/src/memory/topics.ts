import type { FetchedRecord, PartitionName, TopicPartition, TopicSpec, WireRecord } from "../broker.ts";
import { partitionName, partitionOf } from "../partition.ts";

/** The topics of one start of the process, with their partitions and next offsets. */
export type MemoryTopics = {
  /** The number of partitions, by topic. */
  readonly counts: ReadonlyMap<string, number>;
  /** Creates missing topics and returns their names. */
  make(specs: readonly TopicSpec[]): string[];
  /** Throws if the topic or the partition does not exist. */
  check(topic: string, partition: number): void;
  /** Assigns a partition and an offset to a record. */
  place(record: WireRecord): FetchedRecord;
  endOf(partition: TopicPartition): number;
  endsOf(topic: string): [PartitionName, number][];
};

/**
 * Creates the topics of one process. The topics end with the process, but Postgres keeps the stored positions. New
 * offsets therefore begin above the offsets of every earlier process.
 */
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
