import { type Instant, type ReceivedEvent, parseInstant, wall } from "@crossline/contracts";
import { type Tx, now, toSql } from "@crossline/postgres";

/** One partition of a timeline. Each partition has its own mark. */
export type TimelinePartition = { readonly timeline: string; readonly partition: number };

/** The mark of a timeline in a partition. */
export type TimelineMark = TimelinePartition & { readonly mark: Instant };

/**
 * Applies `timeline.marked` events and returns the marks from these events. A mark never moves backwards. Sends no
 * statement if there are no events.
 */
export async function applyMarks(tx: Tx, events: readonly ReceivedEvent<"timeline.marked">[]): Promise<TimelineMark[]> {
  const marks = events.map(({ timeline, partition, data }) => ({ timeline, partition, mark: parseInstant(data.mark) }));
  await moveMarks(tx, marks);
  return marks;
}

async function moveMarks(tx: Tx, marks: readonly TimelineMark[]): Promise<void> {
  if (marks.length === 0) return;
  await tx.query({
    name: "projection.move-marks",
    text: `
      -- projection.move-marks
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

/** Returns the marks of these partitions, without the partitions that have no mark. */
export function readMarks(tx: Tx, scopes: readonly TimelinePartition[]): Promise<TimelineMark[]> {
  if (scopes.length === 0) return Promise.resolve([]);
  return tx.query<TimelineMark>({
    name: "projection.read-marks",
    text: `
      -- projection.read-marks
      select timeline, partition, mark from timeline_mark
      where (timeline, partition) in (select * from unnest($1::text[], $2::smallint[]))`,
    values: [scopes.map(({ timeline }) => timeline), scopes.map(({ partition }) => partition)],
  });
}

/** Returns the latest mark of a timeline among the partitions that this service has read. */
export async function findMark(tx: Tx, timeline: string): Promise<Instant | undefined> {
  const [row] = await tx.query<{ mark: Instant | null }>({
    name: "projection.find-mark",
    text: `
      -- projection.find-mark
      select max(mark) as mark from timeline_mark where timeline = $1`,
    values: [timeline],
  });
  return row?.mark ?? undefined;
}

/** Returns now for the wall timeline, and the latest mark for any other timeline. Before the first mark, returns −∞. */
export async function readNow(tx: Tx, timeline: string): Promise<Instant> {
  return timeline === wall ? now(tx) : ((await findMark(tx, timeline)) ?? -Infinity);
}
