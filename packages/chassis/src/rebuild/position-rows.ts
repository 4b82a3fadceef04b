import { type Instant, formatInstant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

/** The earliest position, and its age by Postgres' clock. Both are null while a partition has not yet been read to its end. */
export type Position = { readonly readUntil: Instant | null; readonly ageMs: number | null };

/** How far a service has read the topics, as its responses show it. */
export type AsOf = { readonly state: "rebuilding" } | { readonly state: "current"; readonly readUntil: string };

/** Returns how far the service has read, as its responses show it. */
export function presentPosition({ readUntil }: Pick<Position, "readUntil">): AsOf {
  return readUntil === null ? { state: "rebuilding" } : { state: "current", readUntil: formatInstant(readUntil) };
}

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
    name: "position.save",
    text: `
      -- position.save
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
 * Returns the earliest position over all partitions. While one of them has no position, the service has not yet read all topics to
 * their end.
 */
export async function readPosition(tx: Tx, partitions: number): Promise<Position> {
  const [row] = await tx.query<Position>({
    name: "position.read",
    text: `
      -- position.read
      select case when count(read_until) >= $1::integer then min(read_until) end as "readUntil",
        case when count(read_until) >= $1::integer
          then (extract(epoch from clock_timestamp() - min(read_until)) * 1000)::float8 end as "ageMs"
      from position`,
    values: [partitions],
  });
  return row ?? { readUntil: null, ageMs: null };
}

/**
 * Deletes all rows whose content follows from the topics: the rows of these tables and all positions. The parties and their keys stay, so
 * that readers can still authenticate.
 */
export async function deleteProjection(tx: Tx, tables: readonly string[]): Promise<void> {
  await tx.query({
    text: `
      -- position.delete-projection
      truncate ${tables.join(", ")}, timeline_mark, position`,
  });
}
