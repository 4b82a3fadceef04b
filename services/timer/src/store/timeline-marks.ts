import type { Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

/** One partition of one timeline: what a mark is about, and what the scanner looks at in one go. */
export type Scope = { readonly timeline: string; readonly partition: number };

export type Mark = Scope & { readonly mark: Instant };

/** Moves marks on; never back. */
export async function moveMarks(tx: Tx, marks: readonly Mark[]): Promise<void> {
  if (marks.length === 0) return;
  await tx.query({
    name: "timer.move-marks",
    text: `
      -- timer.move-marks
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

/** The marks of these scopes, where there is one. */
export function readMarks(tx: Tx, scopes: readonly Scope[]): Promise<Mark[]> {
  if (scopes.length === 0) return Promise.resolve([]);
  return tx.query<Mark>({
    name: "timer.read-marks",
    text: `
      -- timer.read-marks
      select timeline, partition, mark from timeline_mark
      where (timeline, partition) in (select * from unnest($1::text[], $2::smallint[]))`,
    values: [scopes.map(({ timeline }) => timeline), scopes.map(({ partition }) => partition)],
  });
}
