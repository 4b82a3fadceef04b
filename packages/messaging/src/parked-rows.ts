import type { Tx } from "@crossline/postgres";
import type { WaitingRow } from "./consumer/inbox.ts";
import type { Envelope } from "./wire.ts";

/** Returns the oldest waiting rows of a parked case. */
export function loadParked(tx: Tx, key: string, limit: number): Promise<WaitingRow[]> {
  return tx.query<WaitingRow>({
    text: `
      -- parked.load
      select id, partition, topic, key, sequence, timeline, headers, body from inbox_waiting
      where key = $1 and wait_topic is null order by id limit $2`,
    values: [key, limit],
  });
}

/**
 * Parks a case. Stores the reason in the row of the named record. All waiting rows of the case then wait until an
 * operator retries the case.
 */
export async function markParked(
  tx: Tx,
  { key, topic, sequence }: Pick<Envelope, "key" | "topic" | "sequence">,
  reason: string,
): Promise<void> {
  await tx.query({
    text: `
      -- parked.mark
      update inbox_waiting set
        wait_topic = null, wait_key = null, wait_sequence = null, replay_requested_at = null,
        reason = case when topic = $2 and sequence = $3 then $4 end,
        attempts = case when topic = $2 and sequence = $3
          then (select max(attempts) from inbox_waiting where key = $1) + 1 else 0 end
      where key = $1`,
    values: [key, topic, sequence, reason],
  });
}

/** Moves the retry request to the oldest remaining row of the case. Returns false if no row remains. */
export async function requestNextRetry(tx: Tx, key: string): Promise<boolean> {
  const rows = await tx.query({
    text: `
      -- parked.request-next
      update inbox_waiting set reason = 'the retry of its case is in progress', replay_requested_at = clock_timestamp()
      where id = (select min(id) from inbox_waiting where key = $1 and wait_topic is null) returning id`,
    values: [key],
  });
  return rows.length > 0;
}

/** Returns the parked cases of these partitions for which an operator has requested a retry, oldest request first. */
export async function loadRequestedRetries(
  tx: Tx,
  partitions: readonly number[],
): Promise<{ readonly key: string; readonly partition: number }[]> {
  return tx.query<{ key: string; partition: number }>({
    name: "parked.load-requested",
    text: `
      -- parked.load-requested
      select key, partition from inbox_waiting
      where replay_requested_at is not null and partition = any($1::integer[])
      group by key, partition order by min(replay_requested_at) limit 100`,
    values: [partitions],
  });
}
