import type { Tx } from "@crossline/postgres";

/** A company that a change affects. The kind is null if no company has this name. */
export type AffectedCompany = { readonly party: string; readonly kind: "carrier" | "vendor" | null };

/** Returns the named companies with their kinds. A name that no company has stays in the result, so that nothing distinguishes it. */
export function findNamedCompanies(tx: Tx, names: readonly string[]): Promise<AffectedCompany[]> {
  return tx.query({
    text: `
      -- party.find-affected
      select named.party, p.kind from unnest($1::text[]) as named (party)
        left join party p on p.id = named.party and p.kind in ('carrier', 'vendor')`,
    values: [names],
  });
}

/**
 * Returns the companies with which a party shares one of its 10,000 newest cases on a timeline. For a vendor, these are the carriers of
 * its cases. For a carrier, these are the vendors of its cases.
 */
export function findPartners(tx: Tx, timeline: string, party: string): Promise<AffectedCompany[]> {
  return tx.query({
    text: `
      -- case-party.find-partners
      with own as (
        select case_id from case_party where party = $2 and timeline = $1 order by opened_at desc limit 10000
      ), shared as (
        select distinct unnest(array[c.carrier] || array(
          select json_array_elements_text(coalesce(c.state->'reading'->'vendors', '[]')))) as party
        from own join case_record c on c.id = own.case_id
      )
      select p.id as party, p.kind from shared join party p on p.id = shared.party
      where p.kind in ('carrier', 'vendor') and p.kind <> (select kind from party where id = $2)
      order by p.id`,
    values: [timeline, party],
  });
}
