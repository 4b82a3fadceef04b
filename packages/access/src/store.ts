import {
  type EventData,
  type Instant,
  type KeyScope,
  type PersonRole,
  formatInstant,
  parseInstant,
} from "@crossline/contracts";
import { toSql } from "@crossline/postgres";
import type { Tx } from "@crossline/postgres";

export type PartyKind = EventData<"party.recorded">["kind"];

/** A party with the content of its latest event. */
export type Party = {
  readonly party: string;
  readonly kind: PartyKind;
  readonly name: string;
  /** The country of a carrier, whose rules apply to the carrier's telephone numbers. */
  readonly country: string | null;
  /** The sequence of the party's latest event on the party topic. */
  readonly sequence: number;
};

export type PartyKey = EventData<"party.recorded">["keys"][number];

/** The party that an API key identifies. */
export type KeyHolder = {
  readonly party: string;
  readonly kind: PartyKind;
  readonly keyId: string;
  /** The scopes of the key. Undefined: all scopes. */
  readonly scopes?: readonly KeyScope[] | undefined;
  /** A secret that stays the same as long as the operator's key. Present if an assertion names the operator with its key. */
  readonly seal?: string | undefined;
  /** Present if the holder is a signed-in person. Then `keyId` is the id of the session. */
  readonly session?:
    | { readonly id: string; readonly person: string; readonly roles: readonly PersonRole[]; readonly seal: string }
    | undefined;
};

/** The holder of a stored key, and the end of the key by Postgres' clock. */
type StoredHolder = {
  readonly holder: KeyHolder;
  readonly expiresAt: Instant | null;
  /** The milliseconds from the query until the key expires; zero or less if the key has expired. */
  readonly leftMs: number | null;
};

/** A party's event on the party topic. */
export type PartyRecord = {
  readonly data: EventData<"party.recorded">;
  readonly sequence: number;
  readonly time: Instant;
};

/** Returns the party, or undefined if this service does not know the party yet. */
export async function findParty(tx: Tx, party: string): Promise<Party | undefined> {
  const [row] = await tx.query<Party>({
    name: "access.find-party",
    text: `
      -- access.find-party
      select id as party, kind, name, country, sequence from party where id = $1`,
    values: [party],
  });
  return row;
}

type HolderRow = Omit<KeyHolder, "scopes"> &
  Omit<StoredHolder, "holder"> & { readonly scopes: readonly KeyScope[] | null };

/**
 * Returns the holder of the key with this hash (`hashKey`), also if the key has expired. Returns undefined if this service does not
 * know the key yet.
 */
export async function findByKeyHash(tx: Tx, hash: string): Promise<StoredHolder | undefined> {
  const [row] = await tx.query<HolderRow>({
    name: "access.find-by-key-hash",
    text: `
      -- access.find-by-key-hash
      select party.id as party, party.kind, party_key.id as "keyId", scopes, expires_at as "expiresAt",
        (extract(epoch from expires_at - clock_timestamp()) * 1000)::float8 as "leftMs"
      from party_key join party on party.id = party_key.party
      where party_key.hash = $1`,
    values: [hash],
  });
  if (row === undefined) return undefined;
  const { party, kind, keyId, scopes, expiresAt, leftMs } = row;
  return { holder: { party, kind, keyId, ...(scopes !== null && { scopes }) }, expiresAt, leftMs };
}

/**
 * Returns the party with its keys and locks it until the transaction ends. Intake locks a party in order to change it,
 * and then publishes the party with `sequence + 1`. Returns undefined if the party does not exist. If two transactions
 * create the same party, the result of `saveParties` shows which was first.
 */
export async function lockParty(tx: Tx, party: string): Promise<(Party & { readonly keys: PartyKey[] }) | undefined> {
  const [row] = await tx.query<Party>({
    text: `
      -- access.lock-party
      select id as party, kind, name, country, sequence from party where id = $1 for update`,
    values: [party],
  });
  return row === undefined ? undefined : { ...row, keys: await readKeys(tx, party) };
}

/**
 * Reads the keys in a separate statement. The statement that waits for the lock has a snapshot from before the wait,
 * and would miss a new key.
 */
async function readKeys(tx: Tx, party: string): Promise<PartyKey[]> {
  const rows = await tx.query<StoredKeyRow>({
    text: `
      -- access.read-keys
      select id as "keyId", hash, scopes, expires_at as "expiresAt" from party_key where party = $1 order by id`,
    values: [party],
  });
  return rows.map(({ keyId, hash, scopes, expiresAt }) => ({
    keyId,
    hash,
    ...(scopes !== null && { scopes }),
    ...(expiresAt !== null && { expiresAt: formatInstant(expiresAt) }),
  }));
}

type StoredKeyRow = {
  readonly keyId: string;
  readonly hash: string;
  readonly scopes: KeyScope[] | null;
  readonly expiresAt: Instant | null;
};

/**
 * Saves parties and their keys, and returns the ids of the changed parties. A record that is not newer than the stored
 * row changes nothing. Takes at most one record per party. Concurrent calls do not deadlock, because rows are locked in
 * the order of their ids.
 */
export async function saveParties(tx: Tx, records: readonly PartyRecord[]): Promise<string[]> {
  const changed = await upsertParties(tx, records);
  const current = records.map(({ data }) => data).filter(({ party }) => changed.includes(party));
  if (current.length === 0) return changed;
  const keys = current.flatMap(({ party, keys: own }) => own.map((key) => ({ ...key, party })));
  await deleteOtherKeys(
    tx,
    changed,
    keys.map(({ hash }) => hash),
  );
  await upsertKeys(tx, keys);
  return changed;
}

async function upsertParties(tx: Tx, records: readonly PartyRecord[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }>({
    text: `
      -- access.save-parties
      insert into party (id, kind, name, sequence, recorded_at, country)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[], $6::text[]) as row (id)
      order by row.id
      on conflict (id) do update
        set kind = excluded.kind, name = excluded.name, sequence = excluded.sequence, recorded_at = excluded.recorded_at,
          country = excluded.country
        where party.sequence < excluded.sequence
      returning id`,
    values: [
      records.map(({ data }) => data.party),
      records.map(({ data }) => data.kind),
      records.map(({ data }) => data.name),
      records.map(({ sequence }) => sequence),
      records.map(({ time }) => toSql(time)),
      records.map(({ data }) => data.country ?? null),
    ],
  });
  return rows.map(({ id }) => id);
}

async function deleteOtherKeys(tx: Tx, parties: readonly string[], hashes: readonly string[]): Promise<void> {
  await tx.query({
    text: `
      -- access.delete-other-keys
      delete from party_key where party = any($1::text[]) and hash <> all($2::text[])`,
    values: [parties, hashes],
  });
}

type KeyRow = PartyKey & { readonly party: string };

async function upsertKeys(tx: Tx, keys: readonly KeyRow[]): Promise<void> {
  if (keys.length === 0) return;
  await tx.query({
    text: `
      -- access.save-keys
      insert into party_key (hash, id, party, scopes, expires_at)
      select hash, id, party, string_to_array(scopes, ','), expires_at
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
        as row (hash, id, party, scopes, expires_at)
      order by row.hash
      on conflict (hash) do update
        set id = excluded.id, party = excluded.party, scopes = excluded.scopes, expires_at = excluded.expires_at`,
    values: [
      keys.map(({ hash }) => hash),
      keys.map(({ keyId }) => keyId),
      keys.map(({ party }) => party),
      keys.map(({ scopes }) => scopes?.join(",") ?? null),
      keys.map(({ expiresAt }) => (expiresAt === undefined ? null : toSql(parseInstant(expiresAt)))),
    ],
  });
}
