import type { ClaimRules, Instant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

/** The issuer of a party. `clientSecret` is sealed. */
export type IssuerRow = {
  readonly changedAt: Instant;
  readonly party: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
  readonly claims: ClaimRules;
};

const columns = `changed_at as "changedAt", party, issuer, client_id as "clientId", client_secret as "clientSecret", claims`;

/** Saves the issuer of a party in place of an earlier one, and returns it. */
export async function saveIssuer(
  tx: Tx,
  { party, issuer, clientId, clientSecret, claims }: Omit<IssuerRow, "changedAt">,
): Promise<IssuerRow> {
  const [row] = await tx.query<IssuerRow>({
    text: `
      -- console.save-issuer
      insert into issuer (changed_at, party, issuer, client_id, client_secret, claims)
      values (clock_timestamp(), $1, $2, $3, $4, $5)
      on conflict (party) do update set changed_at = excluded.changed_at, issuer = excluded.issuer,
        client_id = excluded.client_id, client_secret = excluded.client_secret, claims = excluded.claims
      returning ${columns}`,
    values: [party, issuer, clientId, clientSecret, JSON.stringify(claims)],
  });
  if (row === undefined) throw new Error("the issuer was not saved");
  return row;
}

/** Returns the issuer of a party. */
export async function findIssuer(tx: Tx, party: string): Promise<IssuerRow | undefined> {
  const [row] = await tx.query<IssuerRow>({
    text: `
      -- console.find-issuer
      select ${columns} from issuer where party = $1`,
    values: [party],
  });
  return row;
}

/** Returns the issuer of a party, which no other transaction changes until the end of this one. */
export async function lockIssuer(tx: Tx, party: string): Promise<IssuerRow | undefined> {
  const [row] = await tx.query<IssuerRow>({
    text: `
      -- console.lock-issuer
      select ${columns} from issuer where party = $1 for update`,
    values: [party],
  });
  return row;
}

/** Deletes the issuer of a party. Returns false if the party has none. */
export async function deleteIssuer(tx: Tx, party: string): Promise<boolean> {
  const rows = await tx.query({
    text: `
      -- console.delete-issuer
      delete from issuer where party = $1 returning party`,
    values: [party],
  });
  return rows.length > 0;
}
