import type { TopicPartition } from "./broker.ts";

/** A member of a group, with the topics that it reads. */
export type GroupMember = { readonly id: string; readonly topics: readonly string[] };

/**
 * Assigns partitions to members. The members are sorted by id, and partition p of every topic goes to the member with
 * the index p modulo the number of members. One member therefore gets all records of a case. During a deployment
 * members can read different topics. If the member of a partition does not read the topic, the partition goes to a
 * member that reads the topic.
 */
export function assignPartitions(
  members: readonly GroupMember[],
  partitionCounts: ReadonlyMap<string, number>,
): Map<string, TopicPartition[]> {
  const sorted = members.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const assignment = new Map<string, TopicPartition[]>(sorted.map((member) => [member.id, []]));
  for (const [topic, count] of partitionCounts) {
    const readers = sorted.filter((member) => member.topics.includes(topic));
    if (readers.length === 0) continue;
    for (let partition = 0; partition < count; partition++) {
      const preferred = sorted[partition % sorted.length];
      const member = preferred?.topics.includes(topic) ? preferred : readers[partition % readers.length];
      if (member !== undefined) assignment.get(member.id)?.push({ topic, partition });
    }
  }
  return assignment;
}
