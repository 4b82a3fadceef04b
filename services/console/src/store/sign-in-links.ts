import type { Instant, PersonRole } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import type { SignedInPerson } from "./sessions.ts";

/** Saves a link that works once within `lastsMs`. Returns the instant at which the link expires. */
export async function insertLink(
  tx: Tx,
  { party, person, roles }: SignedInPerson,
  { hash, lastsMs }: { readonly hash: string; readonly lastsMs: number },
): Promise<Instant> {
  const [row] = await tx.query<{ expiresAt: Instant }>({
    text: `
      -- console.insert-link
      insert into sign_in_link (created_at, expires_at, hash, party, person, roles)
      select at, at + make_interval(secs => $5 / 1000.0), $1, $2, $3, $4 from clock_timestamp() as at
      returning expires_at as "expiresAt"`,
    values: [hash, party, person, roles.join(","), lastsMs],
  });
  if (row === undefined) throw new Error("the link was not saved");
  return row.expiresAt;
}

/** Returns the number of links of a party that still work. */
export async function countLinks(tx: Tx, party: string): Promise<number> {
  const [row] = await tx.query<{ count: number }>({
    text: `
      -- console.count-links
      select count(*) as count from sign_in_link where party = $1 and expires_at > clock_timestamp()`,
    values: [party],
  });
  return row?.count ?? 0;
}

/** Deletes the link with this hash and returns its person. Returns undefined if no link has the hash, or if the link has expired. */
export async function useLink(tx: Tx, hash: string): Promise<SignedInPerson | undefined> {
  const [row] = await tx.query<{ party: string; person: string; roles: string }>({
    text: `
      -- console.use-link
      delete from sign_in_link where hash = $1 and expires_at > clock_timestamp() returning party, person, roles`,
    values: [hash],
  });
  return row && { ...row, roles: row.roles.split(",") as PersonRole[] };
}

/** Deletes up to `rowsMax` expired links and returns their number. */
export async function deleteExpiredLinks(tx: Tx, rowsMax: number): Promise<number> {
  const rows = await tx.query({
    text: `
      -- console.delete-expired-links
      delete from sign_in_link where hash in (
        select hash from sign_in_link where expires_at <= clock_timestamp() limit $1 for update skip locked
      ) returning hash`,
    values: [rowsMax],
  });
  return rows.length;
}
