import type { Instant, KeyScope } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

/** An API key of a party, without the key itself. */
export type KeyRow = {
  readonly party: string;
  readonly keyId: string;
  readonly label: string | null;
  /** Null: the key has all scopes. */
  readonly scopes: KeyScope[] | null;
  readonly createdAt: Instant | null;
  readonly expiresAt: Instant | null;
  readonly lastUsedAt: Instant | null;
  readonly replacedBy: string | null;
};

/** The last use of a key. `agoMs` is the number of milliseconds since the use, by the time of this process. */
export type KeyUse = { readonly keyId: string; readonly agoMs: number };

/** Saves the label and the creation time of a key. */
export async function insertKeyRecord(
  tx: Tx,
  {
    keyId,
    label,
    createdAt,
  }: { readonly keyId: string; readonly label: string | undefined; readonly createdAt: Instant },
): Promise<void> {
  await tx.query({
    text: `
      -- key.insert-record
      insert into key_record (key_id, label, created_at) values ($1, $2, $3)`,
    values: [keyId, label ?? null, toSql(createdAt)],
  });
}

/** Returns the label of a key, and the key that replaced it. A key of the configuration has no record. */
export async function findKeyRecord(
  tx: Tx,
  keyId: string,
): Promise<{ readonly label: string | null; readonly replacedBy: string | null } | undefined> {
  const [row] = await tx.query<{ label: string | null; replacedBy: string | null }>({
    text: `
      -- key.find-record
      select label, replaced_by as "replacedBy" from key_record where key_id = $1`,
    values: [keyId],
  });
  return row;
}

/** Saves which key replaced a key. */
export async function saveReplacement(tx: Tx, keyId: string, replacedBy: string): Promise<void> {
  await tx.query({
    text: `
      -- key.save-replacement
      insert into key_record (key_id, replaced_by) values ($1, $2)
      on conflict (key_id) do update set replaced_by = excluded.replaced_by`,
    values: [keyId, replacedBy],
  });
}

/** Deletes the record of a key. */
export async function deleteKeyRecord(tx: Tx, keyId: string): Promise<void> {
  await tx.query({
    text: `
      -- key.delete-record
      delete from key_record where key_id = $1`,
    values: [keyId],
  });
}

/**
 * Saves the last use of keys. An earlier use never replaces a later use. If a key was deleted after its use, the function does
 * not insert the row of the key again.
 */
export async function saveKeyUses(tx: Tx, uses: readonly KeyUse[]): Promise<void> {
  if (uses.length === 0) return;
  await tx.query({
    text: `
      -- key.save-uses
      insert into key_record (key_id, last_used_at)
      select key_id, clock_timestamp() - make_interval(secs => ago_ms / 1000.0)
      from unnest($1::text[], $2::float8[]) as used (key_id, ago_ms)
      where exists (select from party_key where party_key.id = used.key_id)
      order by key_id
      on conflict (key_id) do update set last_used_at = greatest(key_record.last_used_at, excluded.last_used_at)`,
    values: [uses.map(({ keyId }) => keyId), uses.map(({ agoMs }) => agoMs)],
  });
}

/** Returns the keys of the given parties, in the order of the key ids. The result does not contain the keys of canaries. */
export function listKeys(tx: Tx, parties: readonly string[]): Promise<KeyRow[]> {
  return tx.query({
    text: `
      -- key.list
      select party, party_key.id as "keyId", label, scopes, created_at as "createdAt", expires_at as "expiresAt",
        last_used_at as "lastUsedAt", replaced_by as "replacedBy"
      from party_key left join key_record on key_record.key_id = party_key.id
      where party = any($1::text[]) and not starts_with(party_key.id, 'cnk_') order by party_key.id`,
    values: [parties],
  });
}
