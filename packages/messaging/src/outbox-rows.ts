import type { Tx } from "@crossline/postgres";

/** A fact as it waits in the outbox; `headers` is JSON. */
export type OutboxRow = {
  readonly id: number;
  readonly topic: string;
  readonly key: string;
  readonly partition: number | null;
  readonly headers: string;
  readonly body: string;
};

/**
 * The oldest visible rows but the excepted ones, up to a number of rows and about `bytesMax` of content. There is no
 * `id > …` here: a smaller id can become visible after a larger one, and its successor of the same key must not pass it.
 */
export function takeRows(tx: Tx, except: readonly number[], rowsMax: number, bytesMax: number): Promise<OutboxRow[]> {
  return tx.query<OutboxRow>({
    name: "outbox.take",
    text: `
      -- outbox.take
      select id, topic, key, partition, headers, body from (
        select *, sum(octet_length(body) + octet_length(headers)) over (order by id rows unbounded preceding) as bytes
        from (select * from outbox where id <> all($1::bigint[]) order by id limit $2) as oldest
      ) as sized
      where bytes - octet_length(body) - octet_length(headers) < $3
      order by id`,
    values: [except, rowsMax, bytesMax],
  });
}

/** Forgets rows that the broker has. Not flushed: a delete that is lost in a crash means a second sending, no more. */
export async function removeRows(tx: Tx, ids: readonly number[]): Promise<void> {
  await tx.query({
    name: "outbox.remove",
    text: `
      -- outbox.remove
      delete from outbox using (select set_config('synchronous_commit', 'off', true)) as unflushed
      where id = any($1::bigint[])`,
    values: [ids],
  });
}

/** Moves rows that no broker will take to the dead letters. */
export async function buryRows(tx: Tx, ids: readonly number[], reason: string): Promise<void> {
  await tx.query({
    text: `
      -- outbox.bury
      with buried as (delete from outbox where id = any($1::bigint[]) returning *)
      insert into dead_letter (direction, topic, partition, key, timeline, headers, body, reason)
      select 'out', topic, partition, key, headers::json ->> 'ce_timeline', headers, body, $2 from buried order by id`,
    values: [ids, reason],
  });
}
