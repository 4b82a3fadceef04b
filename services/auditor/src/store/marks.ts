import type { Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

/** A record of a timeline in one partition: a mark or a clock event. `mark` is absent for a clock event. */
export type TimelineActivity = { readonly timeline: string; readonly partition: number; readonly mark?: Instant };

/**
 * Saves the marks, and the instant at which the last record of each timeline arrived. Never replaces a stored mark with an earlier
 * mark.
 */
export async function saveActivity(tx: Tx, activities: readonly TimelineActivity[]): Promise<void> {
  if (activities.length === 0) return;
  await tx.query({
    name: "auditor.hear-timelines",
    text: `
      -- auditor.hear-timelines
      insert into timeline_mark (timeline, partition, mark, heard_at)
      select timeline, partition, max(mark), clock_timestamp()
      from unnest($1::text[], $2::smallint[], $3::timestamptz[]) as heard (timeline, partition, mark)
      group by timeline, partition order by timeline, partition
      on conflict (timeline, partition) do update
      set mark = greatest(timeline_mark.mark, excluded.mark), heard_at = excluded.heard_at`,
    values: [
      activities.map(({ timeline }) => timeline),
      activities.map(({ partition }) => partition),
      activities.map(({ mark }) => (mark === undefined ? null : toSql(mark))),
    ],
  });
}

/**
 * Returns the marks of timelines in these partitions, if a case is due before the mark. Omits a timeline if one of its marks or
 * clock events has arrived in the last `quietMs`.
 */
export function readQuietMarks(
  tx: Tx,
  partitions: readonly number[],
  quietMs: number,
): Promise<{ readonly timeline: string; readonly partition: number; readonly until: Instant }[]> {
  return tx.query({
    name: "auditor.read-quiet-marks",
    text: `
      -- auditor.read-quiet-marks
      select timeline, partition, mark as until from timeline_mark as quiet
      where partition = any($1::smallint[]) and heard_at < clock_timestamp() - $2 * interval '1 millisecond' and exists (
        select from audited_case as due
        where due.timeline = quiet.timeline and due.partition = quiet.partition and due.due_at < quiet.mark
      )`,
    values: [partitions, quietMs],
  });
}

/**
 * Returns the number of scopes in which a case is due before the mark. A case stays due until its firing arrives or the judge checks
 * the case.
 */
export async function countBehindMarks(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ count: number }>({
    text: `
      -- auditor.count-behind-marks
      select count(*) as count from timeline_mark as mark
      where exists (
        select from audited_case as due
        where due.timeline = mark.timeline and due.partition = mark.partition and due.due_at < mark.mark
      )`,
  });
  return row?.count ?? 0;
}
