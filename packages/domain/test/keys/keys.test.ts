import { type KeyScope, isRefusal, keyScopes } from "@crossline/contracts";
import { type KeyLimits, grantKey, makeRoom, refuseLockOut, rotateKey } from "@crossline/domain";
import { describe, expect, test } from "vitest";

/* The scopes and the expiry that a key can give to another key, and the end of a rotated key. */

const day = 86_400_000;
const now = Date.UTC(2026, 2, 7, 14);
const all: KeyLimits = {};
const manager: KeyLimits = { scopes: ["read", "keys"], expiresAt: now + 30 * day };

/** Every set of scopes, and undefined for a key without scopes. */
const sets: readonly (readonly KeyScope[] | undefined)[] = [
  undefined,
  ...Array.from({ length: 2 ** keyScopes.length - 1 }, (_, index) =>
    keyScopes.filter((__, bit) => ((index + 1) >> bit) % 2 === 1),
  ),
];
const expiries = [undefined, now + day, now + 2 * day] as const;
const limits: readonly KeyLimits[] = sets.flatMap((scopes) => expiries.map((expiresAt) => ({ scopes, expiresAt })));

const scopesOf = ({ scopes }: KeyLimits): readonly KeyScope[] => scopes ?? keyScopes;
const endOf = ({ expiresAt }: KeyLimits): number => expiresAt ?? Infinity;

/** Returns whether a key has more scopes than another key, or a longer life. */
function exceeds(one: KeyLimits, other: KeyLimits): boolean {
  return scopesOf(one).some((scope) => !scopesOf(other).includes(scope)) || endOf(one) > endOf(other);
}

describe("a new key", () => {
  test("never has more scopes or a longer life than the key that requests it, and otherwise has the wanted limits", () => {
    for (const granter of limits)
      for (const wanted of limits) {
        const granted = grantKey(granter, wanted, now);
        const effective = {
          scopes: wanted.scopes ?? granter.scopes,
          expiresAt: wanted.expiresAt ?? granter.expiresAt,
        };
        const isForbidden = isRefusal(granted) && granted.code === "forbidden";
        expect(isForbidden ? "forbidden" : granted).toEqual(exceeds(effective, granter) ? "forbidden" : effective);
      }
  });

  test("has the scopes in the order of the list", () => {
    expect(grantKey(all, { scopes: ["keys", "read"] }, now)).toEqual({
      scopes: ["read", "keys"],
      expiresAt: undefined,
    });
  });

  test("expires after the request", () => {
    expect(grantKey(all, { expiresAt: now }, now)).toMatchObject({
      code: "invalid_request",
      fields: [{ at: "/expiresAt" }],
    });
    expect(grantKey(all, { expiresAt: now + 1 }, now)).toEqual({ scopes: undefined, expiresAt: now + 1 });
  });

  test("is refused with the name of the missing scope, or with the expiry of the own key", () => {
    expect(grantKey(manager, { scopes: ["read", "cases"] }, now)).toMatchObject({
      code: "forbidden",
      detail: expect.stringContaining('"cases"'),
      facts: { scopes: ["cases"] },
    });
    expect(grantKey(manager, { expiresAt: now + 31 * day }, now)).toMatchObject({
      code: "forbidden",
      facts: { expiresAt: "2026-04-06T14:00:00Z" },
    });
  });
});

describe("a rotation", () => {
  const old = { keyId: "key_1", scopes: ["read"] as const, expiresAt: now + 5 * day };

  test("gives the new key the limits of the old key, and ends the old key after the overlap", () => {
    expect(rotateKey(all, old, { overlapMs: day }, now)).toEqual({
      limits: { scopes: ["read"], expiresAt: now + 5 * day },
      oldExpiresAt: now + day,
    });
  });

  test("ends the old key at once without an overlap, and never extends its life", () => {
    expect(rotateKey(all, old, { overlapMs: 0 }, now)).toMatchObject({ oldExpiresAt: now });
    expect(rotateKey(all, old, { overlapMs: 9 * day }, now)).toMatchObject({ oldExpiresAt: now + 5 * day });
  });

  test("can set another expiry of the new key", () => {
    const rotated = rotateKey(all, old, { overlapMs: 0, expiresAt: now + 90 * day }, now);
    expect(rotated).toMatchObject({ limits: { expiresAt: now + 90 * day } });
  });

  test("gives no key more scopes or a longer life than the key that requests it", () => {
    for (const granter of limits)
      for (const one of limits) {
        const rotated = rotateKey(granter, { ...one, keyId: "key_1" }, { overlapMs: day }, now);
        const expiresAt = isRefusal(rotated) ? rotated.code : rotated.limits.expiresAt;
        expect(expiresAt).toBe(exceeds(one, granter) ? "forbidden" : one.expiresAt);
      }
  });

  test("is refused for a key that has expired or that was rotated before", () => {
    expect(rotateKey(all, { ...old, expiresAt: now }, { overlapMs: 0 }, now)).toMatchObject({ code: "key_ended" });
    expect(rotateKey(all, { ...old, replacedBy: "key_2" }, { overlapMs: 0 }, now)).toMatchObject({
      code: "key_ended",
      facts: { replacedBy: "key_2" },
    });
  });
});

describe("the deletion of a key", () => {
  const reader = { keyId: "key_r", scopes: ["read"] as const };
  const expired = { keyId: "key_x", expiresAt: now };
  const one = { keyId: "key_1" };
  const two = { keyId: "key_2", scopes: ["keys"] as const, expiresAt: now + 1 };

  test("is refused for the last key that can manage keys", () => {
    expect(refuseLockOut([one, reader, expired], "key_1", now)).toMatchObject({ code: "last_key" });
    expect(refuseLockOut([two], "key_2", now)).toMatchObject({ code: "last_key" });
  });

  test("is allowed for every other key", () => {
    expect(refuseLockOut([one, two], "key_1", now)).toBeUndefined();
    expect(refuseLockOut([one, reader, expired], "key_r", now)).toBeUndefined();
    expect(refuseLockOut([one, reader, expired], "key_x", now)).toBeUndefined();
    expect(refuseLockOut([reader, expired], "key_r", now)).toBeUndefined();
  });
});

describe("a party with the maximum number of keys", () => {
  test("gets a new key in the place of the key that expired first", () => {
    const keys = [{ keyId: "key_1" }, { keyId: "key_2", expiresAt: now - 1 }, { keyId: "key_3", expiresAt: now - 2 }];
    expect(makeRoom(keys, 4, now)).toBeUndefined();
    expect(makeRoom(keys, 3, now)).toBe("key_3");
  });

  test("gets no new key while none has expired", () => {
    const keys = [{ keyId: "key_1" }, { keyId: "key_2", expiresAt: now + 1 }];
    expect(makeRoom(keys, 2, now)).toMatchObject({ code: "limit_reached" });
  });
});
