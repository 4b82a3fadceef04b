import type { Tx } from "@crossline/postgres";

/** A firing that the timer has published: the id that the auditor calculated, and the sequence on the clock topic. */
export type PublishedFiring = {
  readonly firingId: string;
  readonly sequence: number;
  /** The timeline, if it is an import. */
  readonly timeline?: string | undefined;
};

/** Inserts firings, and returns the inserted firings. If two records have the same firing id, inserts only the first record. */
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
