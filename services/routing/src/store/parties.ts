import type { Tx } from "@crossline/postgres";

// The functions in this file query the projection of the party topic, which packages/access stores in routing's schema.

/** Lists the registered vendors whose records routing has read. */
export async function listVendors(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ party: string }>({
    text: `
      -- routing.list-vendors
      select id as party from party where kind = 'vendor' order by id`,
  });
  return rows.map(({ party }) => party);
}

/** Returns the names that do not belong to a party of this kind. */
export async function unknownParties(
  tx: Tx,
  kind: "carrier" | "vendor",
  parties: readonly string[],
): Promise<string[]> {
  const rows = await tx.query<{ party: string }>({
    text: `
      -- routing.find-unknown-parties
      select party from unnest($1::text[]) as asked (party)
      where not exists (select from party known where known.id = asked.party and known.kind = $2)`,
    values: [parties, kind],
  });
  return rows.map(({ party }) => party);
}
