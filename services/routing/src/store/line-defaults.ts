import type { Tx } from "@crossline/postgres";

export type LineDefault = { readonly name: string; readonly sequence: number };

/** Finds the default line of a carrier. */
export async function findDefault(tx: Tx, carrier: string): Promise<LineDefault | undefined> {
  const [row] = await tx.query<LineDefault>({
    text: `
      -- routing.find-default
      select name, sequence from line_default where carrier = $1`,
    values: [carrier],
  });
  return row;
}

export async function saveDefault(tx: Tx, carrier: string, { name, sequence }: LineDefault): Promise<void> {
  await tx.query({
    text: `
      -- routing.save-default
      insert into line_default (carrier, name, sequence) values ($1, $2, $3)
      on conflict (carrier) do update set name = excluded.name, sequence = excluded.sequence`,
    values: [carrier, name, sequence],
  });
}
