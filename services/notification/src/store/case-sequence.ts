import type { Tx } from "@crossline/postgres";

/**
 * Allocates the next sequences of these cases on the notification topic, one per element and in its order. The rows stay
 * locked until the transaction ends, so that the outbox gets them in order.
 */
export async function nextSequences(tx: Tx, caseIds: readonly string[]): Promise<number[]> {
  const counts = new Map<string, number>();
  for (const caseId of caseIds) counts.set(caseId, (counts.get(caseId) ?? 0) + 1);
  const wanted = [...counts].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const rows = await tx.query<{ caseId: string; last: number }>({
    name: "notification.next-sequences",
    text: `
      -- notification.next-sequences
      insert into case_sequence (case_id, sequence)
      select * from unnest($1::text[], $2::bigint[])
      on conflict (case_id) do update set sequence = case_sequence.sequence + excluded.sequence
      returning case_id as "caseId", sequence as last`,
    values: [wanted.map(([caseId]) => caseId), wanted.map(([, count]) => count)],
  });
  const next = new Map(rows.map(({ caseId, last }) => [caseId, last - (counts.get(caseId) ?? 0)]));
  return caseIds.map((caseId) => {
    const sequence = (next.get(caseId) ?? 0) + 1;
    next.set(caseId, sequence);
    return sequence;
  });
}
