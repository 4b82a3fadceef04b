import type { Instant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

/** The earliest position, and its age by Postgres' clock. Both are null while a partition has not yet been read to its end. */
export type Position = { readonly readUntil: Instant | null; readonly ageMs: number | null };

/**
 * Saves the positions of these partitions. A partition that is caught up gets an instant before now, because the broker
 * reported its end at most `pollAgeMaxMs` ago. Any other partition keeps its position. A position never moves back.
 */
export async function savePositions(
  tx: Tx,
  partitions: readonly { readonly partition: number; readonly isCaughtUp: boolean }[],
  pollAgeMaxMs: number,
): Promise<void> {
  if (partitions.length === 0) return;
  await tx.query({
    name: "insight.save-positions",
    text: `
      -- insight.save-positions
      insert into position (partition, read_until)
      select partition, case when caught_up then clock_timestamp() - $3 * interval '1 ms' end
      from unnest($1::smallint[], $2::boolean[]) as new (partition, caught_up) order by partition
      on conflict (partition) do update set read_until = greatest(position.read_until, excluded.read_until)
        where excluded.read_until is not null`,
    values: [
      partitions.map(({ partition }) => partition),
      partitions.map(({ isCaughtUp }) => isCaughtUp),
      pollAgeMaxMs,
    ],
  });
}

/**
 * Returns the earliest position over all partitions. While one of them has no position, insight has not yet read all topics to their
 * end.
 */
export async function readPosition(tx: Tx, partitions: number): Promise<Position> {
  const [row] = await tx.query<Position>({
    name: "insight.read-position",
    text: `
      -- insight.read-position
      select case when count(read_until) >= $1::integer then min(read_until) end as "readUntil",
        case when count(read_until) >= $1::integer
          then (extract(epoch from clock_timestamp() - min(read_until)) * 1000)::float8 end as "ageMs"
      from position`,
    values: [partitions],
  });
  return row ?? { readUntil: null, ageMs: null };
}

/** Deletes all rows whose content follows from the topics, except the parties and their keys, so that readers can still authenticate. */
export async function deleteProjection(tx: Tx): Promise<void> {
  await tx.query({
    text: `
      -- insight.delete-projection
      truncate reported_case, holder_change, crossing, assignment, promise, former_device, timeline_mark, position`,
  });
}
