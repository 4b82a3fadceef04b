import type { Tx } from "@crossline/postgres";

/** A browser that is at the issuer of a party. `verifier` is sealed. */
export type SignInRow = {
  readonly party: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly returnTo: string;
};

/** Saves a sign-in that begins, and that expires after `lastsMs`. */
export async function insertSignIn(
  tx: Tx,
  { party, nonce, verifier, returnTo }: SignInRow,
  { stateHash, lastsMs }: { readonly stateHash: string; readonly lastsMs: number },
): Promise<void> {
  await tx.query({
    text: `
      -- console.insert-sign-in
      insert into sign_in (expires_at, state_hash, party, nonce, verifier, return_to)
      values (clock_timestamp() + make_interval(secs => $6 / 1000.0), $1, $2, $3, $4, $5)`,
    values: [stateHash, party, nonce, verifier, returnTo, lastsMs],
  });
}

/** Returns the number of sign-ins of a party that have not ended. */
export async function countSignIns(tx: Tx, party: string): Promise<number> {
  const [row] = await tx.query<{ count: number }>({
    text: `
      -- console.count-sign-ins
      select count(*) as count from sign_in where party = $1 and expires_at > clock_timestamp()`,
    values: [party],
  });
  return row?.count ?? 0;
}

/** Deletes the sign-in with this state and returns it. Returns undefined if no sign-in has the state, or if it has expired. */
export async function useSignIn(tx: Tx, stateHash: string): Promise<SignInRow | undefined> {
  const [row] = await tx.query<SignInRow>({
    text: `
      -- console.use-sign-in
      delete from sign_in where state_hash = $1 and expires_at > clock_timestamp()
      returning party, nonce, verifier, return_to as "returnTo"`,
    values: [stateHash],
  });
  return row;
}

/** Deletes the sign-ins of a party, whose issuer has changed. */
export async function deleteSignIns(tx: Tx, party: string): Promise<void> {
  await tx.query({
    text: `
      -- console.delete-sign-ins
      delete from sign_in where party = $1`,
    values: [party],
  });
}

/** Deletes up to `rowsMax` expired sign-ins and returns their number. */
export async function deleteExpiredSignIns(tx: Tx, rowsMax: number): Promise<number> {
  const rows = await tx.query({
    text: `
      -- console.delete-expired-sign-ins
      delete from sign_in where state_hash in (
        select state_hash from sign_in where expires_at <= clock_timestamp() limit $1 for update skip locked
      ) returning state_hash`,
    values: [rowsMax],
  });
  return rows.length;
}
