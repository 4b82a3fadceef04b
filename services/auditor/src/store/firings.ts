import type { Tx } from "@crossline/postgres";

/** A firing as it was told: the identity that it must have, and its sequence on the clock topic. */
export type PublishedFiring = {
  readonly firingId: string;
  readonly sequence: number;
  /** The import that it is of, if it is one's. */
  readonly timeline?: string | undefined;
};

/** Keeps firings; answers those that were not told before. Of one that comes twice, the first. */
export async function insertFirings(tx: Tx, firings: readonly PublishedFiring[]): Promise<PublishedFiring[]> {
  if (firings.length === 0) return [];
  return tx.query<PublishedFiring>({
    name: "auditor.insert-firings",
    text: `
      -- auditor.insert-firings
      insert into firing (firing_id, sequence, timeline)
      select * from unnest($1::text[], $2::integer[], $3::text[])
      on conflict do nothing returning firing_id as "firingId", sequence`,
    values: [
      firings.map(({ firingId }) => firingId),
      firings.map(({ sequence }) => sequence),
      firings.map(({ timeline }) => timeline ?? null),
    ],
  });
}
