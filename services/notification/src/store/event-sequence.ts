import type { Tx } from "@crossline/postgres";

/**
 * Allocates the next sequence for each of these keys on a topic of notification, in the order of the list. The rows stay locked
 * until the transaction ends, so that the outbox gets the messages in order.
 */
export async function nextSequences(tx: Tx, topic: string, keys: readonly string[]): Promise<number[]> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const wanted = [...counts].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const rows = await tx.query<{ key: string; last: number }>({
    name: "notification.next-sequences",
    text: `
      -- notification.next-sequences
      insert into fact_sequence (topic, key, sequence)
      select $1, * from unnest($2::text[], $3::bigint[])
      on conflict (topic, key) do update set sequence = fact_sequence.sequence + excluded.sequence
      returning key, sequence as last`,
    values: [topic, wanted.map(([key]) => key), wanted.map(([, count]) => count)],
  });
  const next = new Map(rows.map(({ key, last }) => [key, last - (counts.get(key) ?? 0)]));
  return keys.map((key) => {
    const sequence = (next.get(key) ?? 0) + 1;
    next.set(key, sequence);
    return sequence;
  });
}
