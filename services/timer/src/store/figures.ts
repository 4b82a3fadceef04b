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

/** The oldest record that was not sent. */
export async function oldestUnsent(tx: Tx): Promise<number | undefined> {
  const [row] = await tx.query<{ id: number | null }>({
    text: `
      -- timer.oldest-unsent
      select min(id) as id from outbox`,
  });
  return row?.id ?? undefined;
}

/** What waits for a person: cases that are parked, and dead letters. */
export async function countWaiting(tx: Tx): Promise<{ readonly parked: number; readonly dead: number }> {
  const [row] = await tx.query<{ parked: number; dead: number }>({
    text: `
      -- timer.count-waiting
      select (select count(*) from inbox_waiting where reason is not null) as parked,
        (select count(*) from dead_letter) as dead`,
  });
  return row ?? { parked: 0, dead: 0 };
}
