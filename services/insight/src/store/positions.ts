import type { Instant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

/** The earliest position over all partitions. `readUntil` is null while a partition has not yet been read to its end. */
export type Position = { readonly readUntil: Instant | null; readonly partitions: number };

/**
 * Saves the positions of these partitions. A partition that is caught up gets an instant a little before now, because the broker
 * reported its end at most three seconds ago. Any other partition keeps its position. A position never moves back.
 */
export async function savePositions(
  tx: Tx,
  partitions: readonly { readonly partition: number; readonly isCaughtUp: boolean }[],
): Promise<void> {
  if (partitions.length === 0) return;
  await tx.query({
    name: "insight.save-positions",
    text: `
      -- insight.save-positions
      insert into position (partition, read_until)
      select partition, case when caught_up then clock_timestamp() - interval '3 s' end
      from unnest($1::smallint[], $2::boolean[]) as new (partition, caught_up) order by partition
      on conflict (partition) do update set read_until = greatest(position.read_until, excluded.read_until)
        where excluded.read_until is not null`,
    values: [partitions.map(({ partition }) => partition), partitions.map(({ isCaughtUp }) => isCaughtUp)],
  });
}

/** Returns the earliest position. Without a row, insight has read nothing yet. */
export async function readPosition(tx: Tx): Promise<Position> {
  const [row] = await tx.query<Position>({
    name: "insight.read-position",
    text: `
      -- insight.read-position
      select count(*)::integer as partitions,
        case when count(*) = count(read_until) then min(read_until) end as "readUntil" from position`,
  });
  return row ?? { readUntil: null, partitions: 0 };
}

/** Returns the age of the earliest position in milliseconds by Postgres' clock; undefined while a partition has no position. */
export async function readPositionAge(tx: Tx): Promise<number | undefined> {
  const [row] = await tx.query<{ ageMs: number | null }>({
    name: "insight.position-age",
    text: `
      -- insight.position-age
      select case when count(*) = count(read_until)
        then (extract(epoch from clock_timestamp() - min(read_until)) * 1000)::float8 end as "ageMs" from position`,
  });
  return row?.ageMs ?? undefined;
}
