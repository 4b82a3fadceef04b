import { type PartyKey, generateKey, isCanaryKey, lockParty } from "@crossline/access";
import {
  type Instant,
  type KeyScope,
  type Refusal,
  formatInstant,
  isRefusal,
  parseInstant,
  refusal,
} from "@crossline/contracts";
import {
  type HeldKey,
  type KeyLimits,
  grantKey,
  hasExpired,
  makeRoom,
  refuseLockOut,
  rotateKey,
} from "@crossline/domain";
import { type Tx, now } from "@crossline/postgres";
import type { Caller } from "@crossline/service";
import { deleteKeyRecord, findKeyRecord, insertKeyRecord, saveReplacement } from "../store/keys.ts";
import { type StoredParty, eventDataOf, publishParty, unknownParty } from "./parties.ts";

const keysMax = 20;

/** A new API key. Only this value contains the key, because the database stores only the hash of the key. */
export type NewKey = {
  readonly keyId: string;
  readonly key: string;
  readonly label?: string | undefined;
  readonly scopes?: readonly KeyScope[] | undefined;
  readonly createdAt: Instant;
  readonly expiresAt?: Instant | undefined;
};

/** The new key of a rotation, and the end of the key that it replaces. */
type Rotation = { readonly created: NewKey; readonly oldExpiresAt: Instant };

/** A party whose keys a caller manages. */
type ManagedParty = {
  readonly found: StoredParty;
  /** The keys of the party, without the keys of canaries. */
  readonly keys: readonly HeldKey[];
  /** The limits of the caller's own key. The operator has none. */
  readonly granter: KeyLimits;
  readonly at: Instant;
};

/** Creates an API key for a party. The key has at most the scopes and the life of the caller's own key. */
export async function createKey(
  tx: Tx,
  caller: Caller,
  { party, label, ...wanted }: KeyLimits & { readonly party: string; readonly label?: string | undefined },
): Promise<NewKey | Refusal> {
  const managed = await lockManaged(tx, caller, party);
  if (isRefusal(managed)) return managed;
  const limits = grantKey(managed.granter, wanted, managed.at);
  return isRefusal(limits) ? limits : addKey(tx, managed, managed.found.keys, { ...limits, label });
}

/** Creates a key with the label and the scopes of another key, and sets the end of that key. */
export async function rotatePartyKey(
  tx: Tx,
  caller: Caller,
  { party, keyId }: { readonly party: string; readonly keyId: string },
  wanted: { readonly overlapMs: number; readonly expiresAt?: Instant | undefined },
): Promise<Rotation | Refusal> {
  const managed = await lockManaged(tx, caller, party);
  if (isRefusal(managed)) return managed;
  const old = managed.keys.find((key) => key.keyId === keyId);
  if (old === undefined) return unknownKey(party);
  const record = await findKeyRecord(tx, keyId);
  const rotated = rotateKey(
    managed.granter,
    { ...old, replacedBy: record?.replacedBy ?? undefined },
    wanted,
    managed.at,
  );
  if (isRefusal(rotated)) return rotated;
  const { limits, oldExpiresAt } = rotated;
  const expiresAt = formatInstant(oldExpiresAt);
  const keys = managed.found.keys.map((key) => (key.keyId === keyId ? { ...key, expiresAt } : key));
  const created = await addKey(tx, managed, keys, { ...limits, label: record?.label ?? undefined });
  if (isRefusal(created)) return created;
  await saveReplacement(tx, keyId, created.keyId);
  return { created, oldExpiresAt };
}

/**
 * Deletes a key of a party. A company cannot delete its last key that can manage keys. Only the operator can delete the key of a
 * canary, which is then missed.
 */
export async function deleteKey(
  tx: Tx,
  caller: Caller,
  { party, keyId }: { readonly party: string; readonly keyId: string },
): Promise<Refusal | undefined> {
  const managed = await lockManaged(tx, caller, party);
  if (isRefusal(managed)) return managed;
  const isOperator = caller.kind === "operator";
  const deletable = isOperator ? managed.found.keys : managed.keys;
  if (!deletable.some((key) => key.keyId === keyId)) return unknownKey(party);
  const refused = isOperator ? undefined : refuseLockOut(managed.keys, keyId, managed.at);
  if (refused !== undefined) return refused;
  await removeFrom(tx, managed.found, keyId);
  return undefined;
}

/** Deletes a key without a check. All services refuse requests with this key within seconds. Does nothing if the key does not exist. */
export async function removeKey(tx: Tx, party: string, keyId: string): Promise<void> {
  const found = await lockParty(tx, party);
  if (found?.keys.some((key) => key.keyId === keyId) === true) await removeFrom(tx, found, keyId);
}

/**
 * Creates the API key of a canary, which acts for the party. The key does not count towards the limit of the party's keys. Throws an
 * Error if the party does not exist.
 */
export async function createCanaryKey(tx: Tx, party: string): Promise<NewKey> {
  const found = await lockParty(tx, party);
  if (found === undefined) throw new Error("a canary needs a party");
  return insertKey(tx, found, found.keys, {
    ...generateKey(party, "canary"),
    label: "canary",
    createdAt: await now(tx),
  });
}

/** Locks a party, and reads the limits of the caller's own key. The key can have ended since the request was authenticated. */
async function lockManaged(
  tx: Tx,
  { kind, keyId, scopes, session }: Caller,
  party: string,
): Promise<ManagedParty | Refusal> {
  const found = await lockParty(tx, party);
  if (found === undefined) return unknownParty(party);
  // Each start of intake replaces the operator's keys, so another key would soon stop without notice.
  if (found.kind === "operator") return refusal("forbidden", "Only OPERATOR_KEY in the configuration sets this key.");
  const at = await now(tx);
  const keys = found.keys.filter((key) => !isCanaryKey(key.keyId)).map(heldKeyOf);
  if (kind === "operator") return { found, keys, granter: {}, at };
  // A key that a signed-in person makes can live longer than the session, as it can outlive the employment of a key's maker.
  if (session !== undefined) return { found, keys, granter: { scopes }, at };
  const granter = keys.find((key) => key.keyId === keyId);
  if (granter === undefined || hasExpired(granter, at)) return refusal("unauthenticated", "This API key has ended.");
  return { found, keys, granter, at };
}

/** Adds a new key to the given keys of a party. If the party has the maximum number of keys, an expired key makes room. */
async function addKey(
  tx: Tx,
  { found, keys, at }: ManagedParty,
  all: readonly PartyKey[],
  limits: Pick<NewKey, "label" | "scopes" | "expiresAt">,
): Promise<NewKey | Refusal> {
  const replaced = makeRoom(keys, keysMax, at);
  if (isRefusal(replaced)) return replaced;
  if (replaced !== undefined) await deleteKeyRecord(tx, replaced);
  const left = all.filter((key) => key.keyId !== replaced);
  return insertKey(tx, found, left, { ...generateKey(found.party), ...limits, createdAt: at });
}

async function insertKey(
  tx: Tx,
  found: StoredParty,
  others: readonly PartyKey[],
  { hash, ...created }: NewKey & { readonly hash: string },
): Promise<NewKey> {
  const { keyId, label, scopes, expiresAt, createdAt } = created;
  const key: PartyKey = {
    keyId,
    hash,
    ...(scopes !== undefined && { scopes: [...scopes] }),
    ...(expiresAt !== undefined && { expiresAt: formatInstant(expiresAt) }),
  };
  await publishParty(tx, { ...eventDataOf(found), keys: [...others, key] }, found.sequence + 1);
  await insertKeyRecord(tx, { keyId, label, createdAt });
  return created;
}

async function removeFrom(tx: Tx, found: StoredParty, keyId: string): Promise<void> {
  const left = found.keys.filter((key) => key.keyId !== keyId);
  await publishParty(tx, { ...eventDataOf(found), keys: left }, found.sequence + 1);
  await deleteKeyRecord(tx, keyId);
}

function heldKeyOf({ keyId, scopes, expiresAt }: PartyKey): HeldKey {
  return { keyId, scopes, ...(expiresAt !== undefined && { expiresAt: parseInstant(expiresAt) }) };
}

function unknownKey(party: string): Refusal {
  return refusal("not_found", `${party} has no key with this id.`);
}
