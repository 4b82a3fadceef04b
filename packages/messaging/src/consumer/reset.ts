import type { Tx } from "@crossline/postgres";

/** The token of a partition whose position was reset. No assignment writes an empty token. */
const noOwner = "";

/**
 * Forgets every record that the consumers of this schema have read, in the caller's transaction, which must also delete the effects.
 * No consumer owns a partition after the commit, so a running transaction of a consumer either ends before or changes nothing. Each
 * process must then call `restartIfReset` of its consumer, which reads all topics from their first record. Removed timelines stay
 * removed. The sums of `asked` stay, because the sequences of later requests about losses follow from them.
 */
export async function resetInbox(tx: Tx): Promise<void> {
  await tx.query({
    text: `
      -- inbox.lock-for-reset
      select from inbox_offset order by partition, topic for update`,
  });
  await tx.query({
    text: `
      -- inbox.reset-offsets
      update inbox_offset set next_offset = null, owner = $1`,
    values: [noOwner],
  });
  await tx.query({ text: "-- inbox.reset-rows\ntruncate inbox_sequence, inbox_waiting, inbox_gap_mark" });
  await tx.query({
    text: `
      -- inbox.reset-gaps
      update inbox_gap set mended_at = clock_timestamp() where mended_at is null`,
  });
  await tx.query({
    text: `
      -- inbox.reset-dead-letters
      delete from dead_letter where direction = 'in'`,
  });
  await tx.query({
    text: `
      -- inbox.reset-counts
      update timeline_count set applied = 0 where applied > 0`,
  });
}

/** Returns true if the position of one of these partitions was reset, and no process has claimed the partition since. */
export async function isReset(tx: Tx, partitions: readonly number[]): Promise<boolean> {
  const [row] = await tx.query<{ reset: boolean }>({
    name: "inbox.is-reset",
    text: `
      -- inbox.is-reset
      select exists (select from inbox_offset where partition = any($1::integer[]) and owner = $2) as reset`,
    values: [partitions, noOwner],
  });
  return row?.reset ?? false;
}
