import type { Tx } from "@crossline/postgres";

const ages = [
  { age: "under-minute", fromSeconds: 0 },
  { age: "under-5-minutes", fromSeconds: 60 },
  { age: "under-half-hour", fromSeconds: 300 },
  { age: "under-4-hours", fromSeconds: 1_800 },
  { age: "older", fromSeconds: 14_400 },
];

/** Counts the offers on the wall timeline that no vendor has accepted, by mode, phase and age. */
export async function countWaiting(
  tx: Tx,
): Promise<{ readonly mode: string; readonly phase: string; readonly age: string; readonly count: number }[]> {
  const rows = await tx.query<{ mode: string; phase: string; bucket: number; count: number }>({
    text: `
      -- routing.count-waiting
      select mode, phase, width_bucket(extract(epoch from clock_timestamp() - offered_at)::float8, $1::float8[]) as bucket,
        count(*) as count
      from handoff
      where ended_at is null and phase in ('offered', 'claimed') and timeline = 'wall'
      group by 1, 2, 3`,
    values: [ages.map(({ fromSeconds }) => fromSeconds)],
  });
  return rows.map(({ bucket, ...row }) => ({ ...row, age: ages[Math.max(bucket, 1) - 1]?.age ?? "older" }));
}
