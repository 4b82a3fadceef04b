import type { Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

export type Mark = { readonly timeline: string; readonly partition: number; readonly mark: Instant };

/** Moves marks on; never back. */
export async function moveMarks(tx: Tx, marks: readonly Mark[]): Promise<void> {
  if (marks.length === 0) return;
  await tx.query({
    name: "routing.move-marks",
    text: `
      -- routing.move-marks
      insert into timeline_mark (timeline, partition, mark)
      select timeline, partition, max(mark)
      from unnest($1::text[], $2::smallint[], $3::timestamptz[]) as moved (timeline, partition, mark)
      group by timeline, partition order by timeline, partition
      on conflict (timeline, partition) do update set mark = greatest(timeline_mark.mark, excluded.mark)`,
    values: [
      marks.map(({ timeline }) => timeline),
      marks.map(({ partition }) => partition),
      marks.map(({ mark }) => toSql(mark)),
    ],
  });
}

/** How far a timeline has come, as far as was read here. */
export async function findMark(tx: Tx, timeline: string): Promise<Instant | undefined> {
  const [row] = await tx.query<{ mark: Instant | null }>({
    name: "routing.find-mark",
    text: `
      -- routing.find-mark
      select max(mark) as mark from timeline_mark where timeline = $1`,
    values: [timeline],
  });
  return row?.mark ?? undefined;
}
