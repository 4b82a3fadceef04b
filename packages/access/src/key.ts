import { hash, randomBytes } from "node:crypto";
import { newId } from "@crossline/contracts";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const length = 43; // 256 bits
const form = /^xl_[a-z0-9-]{1,64}_[0-9A-Za-z]{32,64}$/;
const operatorForm = /^(?!xl_)[\w~+/.=-]{16,512}$/;

/** A new API key. The party gets `key` once, and Crossline stores only `hash`. */
export type NewKey = { readonly keyId: string; readonly key: string; readonly hash: string };

const canaryKeyPrefix = "cnk";

/** Returns true if the id belongs to the API key of a canary, which only Crossline itself uses. */
export function isCanaryKey(keyId: string): boolean {
  return keyId.startsWith(`${canaryKeyPrefix}_`);
}

/**
 * Generates an API key for a party: `xl_<party>_` and 43 random characters, 256 bits. The id of the key shows whether the party or
 * a canary uses the key.
 */
export function generateKey(party: string, user: "party" | "canary" = "party"): NewKey {
  let random = "";
  while (random.length < length) {
    for (const byte of randomBytes(length)) {
      // 248 is the largest multiple of 62 that fits into a byte. With values from 248 on, the first characters of the
      // alphabet would be more likely than the other characters.
      if (byte < 248 && random.length < length) random += alphabet.charAt(byte % alphabet.length);
    }
  }
  const key = `xl_${party}_${random}`;
  return { keyId: newId(user === "canary" ? canaryKeyPrefix : "key"), key, hash: hashKey(key) };
}

/** Returns the SHA-256 of a key in hex. A key is random, so a slower hash is unnecessary. */
export function hashKey(key: string): string {
  return hash("sha256", key, "hex");
}

/**
 * Returns true if a text has the form of a key, generated or set by the operator. The authenticator refuses any other
 * text without a query.
 */
export function looksLikeKey(text: string): boolean {
  return form.test(text) || operatorForm.test(text);
}
