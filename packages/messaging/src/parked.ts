import type { Instant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

/** A case (or other key) that waits for a replay, and the record because of which it does. */
export type ParkedCase = {
  readonly key: string;
  readonly topic: string;
  readonly sequence: number;
  readonly timeline: string;
  /** The error, without the record's content. */
  readonly reason: string;
  /** How often it was tried, replays included. */
  readonly attempts: number;
  /** Records of the case that wait, this one included. */
  readonly waiting: number;
  readonly parkedAt: Instant;
  readonly replayRequestedAt: Instant | null;
};

/** Parked cases of this service, oldest first. */
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
 * Asks that a parked case be tried again; false where there is none with this key. The consumer that owns its partition
 * does it within about a second, whichever process that is, all records of the case in their order. What fails again
 * stays parked, with the new reason.
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
