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

/** What must be 0: open cases without a clock that will fire, and since when the most overdue clock of the wall is due, in seconds. */
export async function readAlarmCounts(
  tx: Tx,
  partitions: number,
): Promise<{ readonly clockless: number; readonly overdueSeconds: number }> {
  const [row] = await tx.query<{ clockless: number; overdueSeconds: number }>({
    name: "timer.read-lapses",
    // Of every partition, also of those that nobody owns; each is one look into the index: 0.3 ms with a million cases, where
    // counting those without a deadline took 75.
    text: `
      -- timer.read-lapses
      select (select count(*) from clockless_case) as clockless,
        greatest(0, extract(epoch from clock_timestamp() - min(due_at)))::float8 as "overdueSeconds"
      from generate_series(0, $1::integer - 1) as scope (number)
      cross join lateral (
        select due_at from case_clock
        where timeline = 'wall' and partition = scope.number and due_at is not null order by due_at limit 1
      ) as earliest`,
    values: [partitions],
  });
  return row ?? { clockless: 0, overdueSeconds: 0 };
}
