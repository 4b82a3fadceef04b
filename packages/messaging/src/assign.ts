import type { TopicPartition } from "./broker.ts";

/** One member of a group and what it reads. */
export type GroupMember = { readonly id: string; readonly topics: readonly string[] };

/**
 * Who reads what: partition p of every topic goes to the same member, the p-th (modulo) in the order of their ids, so
 * that what concerns one case meets in one place. While members with other topics come and go (a deployment), a
 * partition whose member does not read its topic goes to one that does.
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
