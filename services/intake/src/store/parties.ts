import type { EventData } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

export type ListedParty = Omit<EventData<"party.recorded">, "keys"> & { readonly keyIds: string[] };

/** Parties behind a name, by name. (All else of parties is in packages/access: here they are owned, elsewhere known.) */
export function listParties(tx: Tx, after: string, limit: number): Promise<ListedParty[]> {
  return tx.query({
    text: `
      -- party.list
      select id as party, kind, name,
        array(select party_key.id from party_key where party_key.party = party.id order by 1) as "keyIds"
      from party where id > $1 order by id limit $2`,
    values: [after, limit],
  });
}
