import { type Instant, type KeyScope, type Refusal, formatInstant, keyScopes, refusal } from "@crossline/contracts";

/** The limits of an API key. A key without `scopes` has all scopes, and a key without `expiresAt` does not expire. */
export type KeyLimits = {
  readonly scopes?: readonly KeyScope[] | undefined;
  readonly expiresAt?: Instant | undefined;
};

/** An API key of a party, as the rules see it. */
export type HeldKey = KeyLimits & { readonly keyId: string };

/**
 * Returns the limits of a new API key, or a refusal. `granter` has the limits of the key that requests the new key. A missing limit
 * becomes the granter's own limit. A new key never has more scopes than the granter, and never a longer life.
 */
export function grantKey(granter: KeyLimits, wanted: KeyLimits, now: Instant): KeyLimits | Refusal {
  const { scopes = granter.scopes, expiresAt = granter.expiresAt } = wanted;
  return refuseGrant(granter, { scopes, expiresAt }, now) ?? inOrder({ scopes, expiresAt });
}

/** The result of a rotation: the limits of the new key, and the end of the old key. */
type KeyRotation = { readonly limits: KeyLimits; readonly oldExpiresAt: Instant };

/** The key to rotate. `replacedBy` is the new key of an earlier rotation. */
type RotatedKey = HeldKey & { readonly replacedBy?: string | undefined };

/**
 * Decides the rotation of an API key. The new key has the scopes of the old key, and also its expiry if the request names no other.
 * The old key works until the overlap ends, but never longer than before. Refuses a key that has expired or that was rotated before.
 * The end of a rotated key is the end of an overlap, and a new key with this end would soon stop.
 */
export function rotateKey(
  granter: KeyLimits,
  old: RotatedKey,
  { overlapMs, expiresAt = old.expiresAt }: { readonly overlapMs: number; readonly expiresAt?: Instant | undefined },
  now: Instant,
): KeyRotation | Refusal {
  if (old.replacedBy !== undefined)
    return refusal("key_ended", `The key ${old.keyId} was rotated before. Rotate the key ${old.replacedBy}.`, {
      facts: { replacedBy: old.replacedBy },
    });
  if (hasExpired(old, now)) return refusal("key_ended", `The key ${old.keyId} has expired. Create a new key.`);
  // A key without scopes has all of them, so a granter with every scope may rotate it.
  const { scopes = granter.scopes === undefined ? undefined : keyScopes } = old;
  const refused = refuseGrant(granter, { scopes, expiresAt }, now);
  if (refused !== undefined) return refused;
  return {
    limits: inOrder({ scopes, expiresAt }),
    oldExpiresAt: Math.min(old.expiresAt ?? Infinity, now + overlapMs),
  };
}

/**
 * Returns a refusal if the deletion of a key would leave a party without a key that can manage keys. Only the operator could then
 * make a key for the party.
 */
export function refuseLockOut(keys: readonly HeldKey[], keyId: string, now: Instant): Refusal | undefined {
  const managing = keys.filter((key) => canManageKeys(key) && !hasExpired(key, now));
  if (managing.length !== 1 || managing[0]?.keyId !== keyId) return undefined;
  return refusal(
    "last_key",
    'This is your last key with the scope "keys". Create or rotate a key first, or ask the operator to delete this key.',
  );
}

/**
 * Returns the key that a new key replaces if a party has the maximum number of keys: the key that expired first. Returns undefined if
 * there is room, and a refusal if no key has expired.
 */
export function makeRoom(keys: readonly HeldKey[], keysMax: number, now: Instant): string | Refusal | undefined {
  if (keys.length < keysMax) return undefined;
  const [first] = keys
    .filter((key) => hasExpired(key, now))
    .toSorted((one, other) => (one.expiresAt ?? 0) - (other.expiresAt ?? 0));
  return first?.keyId ?? refusal("limit_reached", `A party has at most ${keysMax} keys. Delete one first.`);
}

/** Returns whether a key has expired. A key works until just before its expiry. */
export function hasExpired({ expiresAt }: KeyLimits, now: Instant): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}

function canManageKeys({ scopes }: KeyLimits): boolean {
  return scopes?.includes("keys") ?? true;
}

function refuseGrant(granter: KeyLimits, { scopes, expiresAt }: KeyLimits, now: Instant): Refusal | undefined {
  const missing = (scopes ?? keyScopes).filter((scope) => granter.scopes?.includes(scope) === false);
  if (missing.length > 0)
    return refusal("forbidden", `Your API key lacks the scope "${missing.join('", "')}", so it cannot give it.`, {
      facts: { scopes: missing },
    });
  if (expiresAt !== undefined && expiresAt <= now) return refuseExpiry("must be in the future");
  if (granter.expiresAt === undefined || (expiresAt !== undefined && expiresAt <= granter.expiresAt)) return undefined;
  const own = formatInstant(granter.expiresAt);
  return refusal("forbidden", `Your API key expires at ${own}, so a new key must expire by then. Set \`expiresAt\`.`, {
    facts: { expiresAt: own },
  });
}

function refuseExpiry(message: string): Refusal {
  return refusal("invalid_request", `The field expiresAt ${message}.`, { fields: [{ at: "/expiresAt", message }] });
}

/** Returns the limits with the scopes in the order of the list of scopes. */
function inOrder({ scopes, expiresAt }: KeyLimits): KeyLimits {
  return { scopes: scopes && keyScopes.filter((scope) => scopes.includes(scope)), expiresAt };
}
