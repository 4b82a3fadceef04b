import type { EventData } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

/** A party without its keys. */
export type ListedParty = Omit<EventData<"party.recorded">, "keys">;

type Row = Omit<ListedParty, "country"> & { readonly country: string | null };

/**
 * Returns the parties after a name, in the order of their names. All statements about parties that several services use are in
 * `packages/access`.
 */
export async function listParties(tx: Tx, after: string, limit: number): Promise<ListedParty[]> {
  const rows = await tx.query<Row>({
    text: `
      -- party.list
      select id as party, kind, name, country from party where id > $1 order by id limit $2`,
    values: [after, limit],
  });
  return rows.map(toListed);
}

/** Returns the party with this name, if such a party exists. */
export async function findListed(tx: Tx, party: string): Promise<ListedParty | undefined> {
  const [row] = await tx.query<Row>({
    text: `
      -- party.find-listed
      select id as party, kind, name, country from party where id = $1`,
    values: [party],
  });
  return row && toListed(row);
}

/** Returns the names of parties by their ids. Omits unknown parties. */
export async function readNames(tx: Tx, parties: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.query<{ id: string; name: string }>({
    name: "party.read-names",
    text: `
      -- party.read-names
      select id, name from party where id = any($1::text[])`,
    values: [parties],
  });
  return new Map(rows.map(({ id, name }) => [id, name]));
}

function toListed({ country, ...party }: Row): ListedParty {
  return { ...party, ...(country !== null && { country }) };
}
