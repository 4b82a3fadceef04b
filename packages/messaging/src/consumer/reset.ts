import type { Tx } from "@crossline/postgres";
import type { Subscription } from "../broker.ts";
import type { LoopContextOptions } from "./loop-context.ts";

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
async function isReset(tx: Tx, partitions: readonly number[]): Promise<boolean> {
  const [row] = await tx.query<{ reset: boolean }>({
    name: "inbox.is-reset",
    text: `
      -- inbox.is-reset
      select exists (select from inbox_offset where partition = any($1::integer[]) and owner = $2) as reset`,
    values: [partitions, noOwner],
  });
  return row?.reset ?? false;
}

/**
 * Subscribes again if the position of a partition of this process was reset. The member then claims its partitions without a position,
 * so it reads them from their first record. Returns true in this case.
 */
export async function restartIfReset(
  { database, group, ownership, log, signal }: Omit<LoopContextOptions, "isCaughtUp">,
  reads: { subscription: Subscription },
  subscribe: () => Promise<Subscription>,
): Promise<boolean> {
  const partitions = [...new Set(ownership.claims().map(({ partition }) => partition))];
  if (signal.aborted || !(await isReset(database, partitions))) return false;
  log.info({ group }, "the inbox was reset; all topics are read from their first record");
  await reads.subscription.stop();
  reads.subscription = await subscribe();
  return true;
}
