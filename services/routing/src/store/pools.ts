import type { PoolDocument } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

type PoolRow = {
  readonly party: string;
  readonly name: string;
  readonly document: PoolDocument;
};

/** Reads the rosters (`<party>.<name>`) of pools, with `<party>/<pool>` as keys. The result omits pools that do not exist. */
export async function rostersOfPools(
  tx: Tx,
  wanted: readonly { readonly party: string; readonly pool: string }[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await tx.query<PoolRow>({
    name: "routing.rosters-of-pools",
    text: `
      -- routing.rosters-of-pools
      select party, name, document from pool
      where (party, name) in (select party, name from unnest($1::text[], $2::text[]) as wanted (party, name))`,
    values: [wanted.map(({ party }) => party), wanted.map(({ pool }) => pool)],
  });
  return new Map(
    rows.map(({ party, name, document }) => [
      `${party}/${name}`,
      document.rosters.map((roster) => `${party}.${roster}`),
    ]),
  );
}
