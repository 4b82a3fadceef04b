import type { Tx } from "@crossline/postgres";

/** How many offers of the wall nobody has accepted, by mode and phase, and by the bound in seconds that their age is under. */
export function countWaiting(
  tx: Tx,
  boundsSeconds: readonly number[],
): Promise<{ readonly mode: string; readonly phase: string; readonly bucket: number; readonly count: number }[]> {
  return tx.query({
    text: `
      -- routing.count-waiting
      select mode, phase, width_bucket(extract(epoch from clock_timestamp() - offered_at)::float8, $1::float8[]) as bucket,
        count(*) as count
      from handoff
      where ended_at is null and phase in ('offered', 'claimed') and timeline = 'wall'
      group by 1, 2, 3`,
    values: [boundsSeconds],
  });
}
