import type { Instant } from "@crossline/contracts";
import type { Database, Tx } from "@crossline/postgres";
import { readRecord } from "./consumer/arrival.ts";

/**
 * A record that the consumer could not parse (`in`) or that the broker refused (`out`). The database keeps the whole
 * content of the record.
 */
export type DeadLetter = {
  readonly id: number;
  readonly direction: "in" | "out";
  readonly topic: string;
  readonly partition: number | null;
  readonly offset: number | null;
  readonly key: string | null;
  readonly timeline: string | null;
  readonly reason: string;
  readonly deadAt: Instant;
};

/** Returns the dead letters of this service, newest first. */
export function listDeadLetters(tx: Tx, limit = 100): Promise<DeadLetter[]> {
  return tx.query<DeadLetter>({
    text: `
      -- dead-letter.list
      select id, direction, topic, partition, record_offset as "offset", key, timeline, reason, dead_at as "deadAt"
      from dead_letter order by id desc limit $1`,
    values: [limit],
  });
}

type StoredDeadLetter = {
  readonly topic: string;
  readonly partition: number;
  readonly key: string | null;
  readonly headers: string;
  readonly body: string | null;
};

/**
 * Parses a dead letter again, for instance after an upgrade of this service. Returns false if the record is still
 * invalid, was refused by the broker, or does not exist. If the record is valid, saves it as a parked record and
 * requests its retry. The consumer applies the record within about a second, possibly after later records of its key.
 */
export async function retryDeadLetter(database: Database, id: number): Promise<boolean> {
  return database.transaction(async (tx) => {
    const [letter] = await tx.query<StoredDeadLetter>({
      text: `
        -- dead-letter.lock
        select topic, partition, key, headers, body from dead_letter where id = $1 and direction = 'in' for update`,
      values: [id],
    });
    if (letter === undefined) return false;
    const { topic, partition, key, body } = letter;
    const headers = JSON.parse(letter.headers) as Record<string, string>;
    const read = readRecord(
      { topic, partition, offset: 0, timestamp: 0, headers, key: key ?? undefined, value: body ?? undefined },
      undefined,
    );
    if (!("envelope" in read) || read.event === undefined) return false;
    const { sequence, timeline } = read.envelope;
    await tx.query({
      text: `
        -- dead-letter.park
        with dead as (delete from dead_letter where id = $1)
        insert into inbox_waiting
          (partition, topic, key, sequence, timeline, headers, body, reason, replay_requested_at)
        values ($2, $3, $4, $5, $6, $7, $8, 'the retry of a dead letter is in progress', clock_timestamp())`,
      values: [id, partition, topic, key, sequence, timeline, letter.headers, body],
    });
    return true;
  });
}
