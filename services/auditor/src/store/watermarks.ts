import type { Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

/** The audit watermark of one partition. */
export type Watermark = { readonly partition: number; readonly until: Instant; readonly beatAt: Instant };

/** One heartbeat of a partition. `sequence` is the sequence of the heartbeat's record on the audit topic. */
export type WatermarkBeat = {
  readonly partition: number;
  readonly until: Instant;
  readonly sequence: number;
  /**
   * The number of firings of the partition that the auditor has compared so far. `findings` is the number of findings in the
   * partition.
   */
  readonly told: number;
  readonly findings: number;
};

/**
 * Saves the watermarks, and returns the next heartbeat of each partition. Never replaces a stored watermark with an earlier
 * watermark. The caller must hold the fences of the partitions.
 */
export function advanceWatermarks(
  tx: Tx,
  beats: readonly { readonly partition: number; readonly until: Instant }[],
  findingKinds: readonly string[],
): Promise<WatermarkBeat[]> {
  return tx.query({
    name: "auditor.beat-watermarks",
    text: `
      -- auditor.beat-watermarks
      with beat as (
        insert into watermark (partition, until, beat_at, sequence)
        select partition, until, clock_timestamp(), 1 from unnest($1::smallint[], $2::timestamptz[]) as new (partition, until)
        order by partition
        on conflict (partition) do update set until = greatest(watermark.until, excluded.until),
          beat_at = excluded.beat_at, sequence = watermark.sequence + 1
        returning partition, until, sequence
      )
      select beat.*, coalesce(sum(count) filter (where what = any($3::text[])), 0)::bigint as findings,
        coalesce(sum(count) filter (where what <> all($3::text[]) and what <> 'overtaken'), 0)::bigint as told
      from beat left join tally using (partition) group by beat.partition, beat.until, beat.sequence`,
    values: [beats.map(({ partition }) => partition), beats.map(({ until }) => toSql(until)), findingKinds],
  });
}

/** Returns the watermarks of all partitions. */
export function readWatermarks(tx: Tx): Promise<Watermark[]> {
  return tx.query({
    text: `
      -- auditor.read-watermarks
      select partition, until, beat_at as "beatAt" from watermark order by partition`,
  });
}

/**
 * Returns the age of the earliest watermark and of the oldest heartbeat, in milliseconds by Postgres' clock. Returns undefined if
 * there is no watermark.
 */
export async function watermarkAges(
  tx: Tx,
): Promise<{ readonly untilMs: number; readonly beatMs: number } | undefined> {
  const [row] = await tx.query<{ untilMs: number | null; beatMs: number | null }>({
    text: `
      -- auditor.watermark-ages
      select (extract(epoch from clock_timestamp() - min(until)) * 1000)::float8 as "untilMs",
        (extract(epoch from clock_timestamp() - min(beat_at)) * 1000)::float8 as "beatMs" from watermark`,
  });
  return row === undefined || row.untilMs === null || row.beatMs === null
    ? undefined
    : { untilMs: row.untilMs, beatMs: row.beatMs };
}
