import type { Tx } from "@crossline/postgres";

/** A message as it is stored in the outbox; `headers` is JSON. */
export type OutboxRow = {
  readonly id: number;
  readonly topic: string;
  readonly key: string;
  readonly partition: number | null;
  readonly headers: string;
  readonly body: string;
};

/**
 * Deletes the `sent` rows and returns the oldest visible rows that are neither in `sent` nor in `except`. The result
 * has at most `rows` rows and about `bytes` bytes of content. The statement has no condition `id > …`, because a row
 * with a smaller id can become visible later. A row with a larger id and the same key must not overtake this row. One
 * statement deletes and reads, because two statements would cost two commits.
 */
export function takeRows(
  tx: Tx,
  sent: readonly number[],
  except: readonly number[],
  { rows, bytes }: { readonly rows: number; readonly bytes: number },
): Promise<OutboxRow[]> {
  return tx.query<OutboxRow>({
    name: "outbox.take",
    text: `
      -- outbox.take
      with removed as (delete from outbox where id = any($4::bigint[]))
      select id, topic, key, partition, headers, body from (
        select *, sum(octet_length(body) + octet_length(headers)) over (order by id rows unbounded preceding) as bytes
        from (select * from outbox where id <> all($1::bigint[]) order by id limit $2) as oldest
      ) as sized
      where bytes - octet_length(body) - octet_length(headers) < $3
      order by id`,
    values: [[...sent, ...except], rows, bytes, sent],
  });
}

/** Deletes rows that the broker has accepted. */
export async function removeRows(tx: Tx, ids: readonly number[]): Promise<void> {
  await tx.query({ text: "-- outbox.remove\ndelete from outbox where id = any($1::bigint[])", values: [ids] });
}

/** Moves rows that the broker will never accept to the dead letters. */
export async function moveToDeadLetters(tx: Tx, ids: readonly number[], reason: string): Promise<void> {
  await tx.query({
    text: `
      -- outbox.bury
      with buried as (delete from outbox where id = any($1::bigint[]) returning *)
      insert into dead_letter (direction, topic, partition, key, timeline, headers, body, reason)
      select 'out', topic, partition, key, headers::json ->> 'ce_timeline', headers, body, $2 from buried order by id`,
    values: [ids, reason],
  });
}
