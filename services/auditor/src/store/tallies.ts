import type { Tx } from "@crossline/postgres";

/** The number of firings in one partition with one verdict and one clock kind. */
export type Tally = {
  readonly partition: number;
  readonly what: string;
  readonly kind: string;
  readonly count: number;
};

/** Adds the counts to the stored tallies. */
export async function addTallies(tx: Tx, tallies: readonly Tally[]): Promise<void> {
  if (tallies.length === 0) return;
  await tx.query({
    name: "auditor.add-tallies",
    text: `
      -- auditor.add-tallies
      insert into tally (partition, what, kind, count)
      select * from unnest($1::smallint[], $2::text[], $3::text[], $4::bigint[]) as new (partition, what, kind, count)
      order by partition, what, kind
      on conflict (partition, what, kind) do update set count = tally.count + excluded.count`,
    values: [
      tallies.map(({ partition }) => partition),
      tallies.map(({ what }) => what),
      tallies.map(({ kind }) => kind),
      tallies.map(({ count }) => count),
    ],
  });
}

/** Returns the tallies, summed over all partitions. */
export function readTallies(tx: Tx): Promise<Omit<Tally, "partition">[]> {
  return tx.query({
    text: `
      -- auditor.read-tallies
      select what, kind, sum(count)::bigint as count from tally group by what, kind order by what, kind`,
  });
}
