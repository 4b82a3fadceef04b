import type { Tx } from "@crossline/postgres";

/**
 * Deletes up to `rowsMax` states of keys of a topic, and returns their number. Only for a topic on which each key has one record, and whose
 * consumer recognizes a duplicate by its content. Without a deletion, the table would keep one row for each record of the topic.
 */
export async function forgetKeys(tx: Tx, topic: string, rowsMax: number): Promise<number> {
  const rows = await tx.query({
    text: `
      -- inbox.forget-keys
      delete from inbox_sequence where (topic, key) in (
        select topic, key from inbox_sequence where topic = $1 limit $2 for update skip locked
      ) returning 1`,
    values: [topic, rowsMax],
  });
  return rows.length;
}
