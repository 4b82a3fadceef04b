import type { Tx } from "@crossline/postgres";

/** About how many cases have a deadline ahead: what the last vacuum or analyze said of the index, for nothing. */
export async function countArmed(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ armed: number }>({
    text: `
      -- timer.count-armed
      select greatest(reltuples, 0)::bigint as armed from pg_class where oid = 'case_clock_due'::regclass`,
  });
  return row?.armed ?? 0;
}
