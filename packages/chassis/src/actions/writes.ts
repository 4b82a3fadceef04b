import type { Tx } from "@crossline/postgres";

/**
 * Returns the number of rows of the schema that this connection has inserted, changed or deleted since PostgreSQL last collected its
 * statistics. PostgreSQL collects them only between transactions, so the difference of two results within a transaction is the number
 * of its own writes. A transaction id would not show them, because a lock of a row also gets one.
 */
export async function countWrites(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ writes: number }>({
    name: "action.count-writes",
    text: `
      -- action.count-writes
      select coalesce(sum(pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
        + pg_stat_get_xact_tuples_deleted(oid)), 0)::bigint as writes
      from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')`,
  });
  return row?.writes ?? 0;
}
