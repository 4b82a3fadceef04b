import type { Tx } from "@crossline/postgres";

// Reads the projection of the party topic that packages/access keeps in this schema.

/** Every vendor that is registered, as far as was read here. */
export async function listVendors(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ party: string }>({
    text: `
      -- routing.list-vendors
      select id as party from party where kind = 'vendor' order by id`,
  });
  return rows.map(({ party }) => party);
}

/** Which of these are no vendors. */
export async function unknownVendors(tx: Tx, vendors: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ vendor: string }>({
    text: `
      -- routing.find-unknown-vendors
      select vendor from unnest($1::text[]) as asked (vendor)
      where not exists (select from party where id = vendor and kind = 'vendor')`,
    values: [vendors],
  });
  return rows.map(({ vendor }) => vendor);
}
