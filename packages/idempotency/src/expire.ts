import type { Tx } from "@crossline/postgres";

/** The time for which a response is stored, in milliseconds. */
const keptMs = 86_400_000;

/**
 * Deletes up to `most` responses that are older than 24 h and returns their number. If the number equals `most`,
 * further responses of this age can remain. Any number of processes can call the function at once. A loop calls the
 * function about once a minute.
 */
export async function expireKeys(tx: Tx, most = 1_000): Promise<number> {
  const [row] = await tx.query<{ count: number }>({
    text: `
      -- idempotency.expire
      with oldest as (
        select party, timeline, key from idempotency
        where kept_at < clock_timestamp() - make_interval(secs => $2 / 1000)
        order by kept_at
        limit $1
        for update skip locked
      ), deleted as (
        delete from idempotency using oldest
        where (idempotency.party, idempotency.timeline, idempotency.key) = (oldest.party, oldest.timeline, oldest.key)
        returning 1
      )
      select count(*) as count from deleted`,
    values: [most, keptMs],
  });
  return row?.count ?? 0;
}
