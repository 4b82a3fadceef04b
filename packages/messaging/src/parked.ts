import type { Instant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

/** A parked case (or another parked key), and the record that could not be applied. */
export type ParkedCase = {
  readonly key: string;
  readonly topic: string;
  readonly sequence: number;
  readonly timeline: string;
  /** The error, without the record's content. */
  readonly reason: string;
  /** The number of tries, including retries. */
  readonly attempts: number;
  /** The number of waiting records of the case, including this record. */
  readonly waiting: number;
  readonly parkedAt: Instant;
  readonly replayRequestedAt: Instant | null;
};

/** Returns the parked cases of this service, oldest first. */
export function listParkedCases(tx: Tx, limit = 100): Promise<ParkedCase[]> {
  return tx.query<ParkedCase>({
    text: `
      -- parked.list
      select key, topic, sequence, timeline, reason, attempts, held_at as "parkedAt",
        replay_requested_at as "replayRequestedAt",
        (select count(*) from inbox_waiting behind where behind.key = w.key and behind.wait_topic is null) as waiting
      from inbox_waiting w where reason is not null order by id limit $1`,
    values: [limit],
  });
}

/**
 * Requests a retry of a parked case. Returns false if no case with this key is parked. The partition owner, which can
 * be another process, applies all records of the case, in order, within about a second. If a record fails again, the
 * case stays parked with the new reason.
 */
export async function retryParkedCase(tx: Tx, key: string): Promise<boolean> {
  const rows = await tx.query({
    text: `
      -- parked.request-replay
      update inbox_waiting set replay_requested_at = clock_timestamp()
      where key = $1 and reason is not null returning id`,
    values: [key],
  });
  return rows.length > 0;
}
