import type { Tx } from "@crossline/postgres";

/**
 * Returns the approximate number of cases with a stored deadline. Postgres stored this number at the last vacuum or analyze, so the
 * query scans no table.
 */
export async function countArmed(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ armed: number }>({
    text: `
      -- timer.count-armed
      select greatest(reltuples, 0)::bigint as armed from pg_class where oid = 'case_clock_due'::regclass`,
  });
  return row?.armed ?? 0;
}

/**
 * Returns two values that must be 0. `clockless` is the number of open cases in which no clock will fire. `overdueSeconds` is
 * the time since the earliest deadline whose threshold is due and has not fired.
 */
export async function readAlarmCounts(
  tx: Tx,
  partitions: number,
): Promise<{ readonly clockless: number; readonly overdueSeconds: number }> {
  const [row] = await tx.query<{ clockless: number; overdueSeconds: number }>({
    name: "timer.read-lapses",
    // The query includes partitions that no process owns. The query needs one index lookup per partition: 0.3 ms in all with a
    // million cases. A count of all cases without a deadline would take 75 ms.
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
