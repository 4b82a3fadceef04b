import { hash, randomBytes } from "node:crypto";
import { newId } from "@crossline/contracts";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const length = 43; // 256 bits
const form = /^xl_[a-z0-9-]{1,64}_[0-9A-Za-z]{32,64}$/;
const givenForm = /^(?!xl_)[\w~+/.=-]{16,512}$/;

/** A key as its owner gets it, once, and what is kept of it. */
export type NewKey = { readonly keyId: string; readonly key: string; readonly hash: string };

/** Makes an API key for a party: `xl_<party>_` and 43 random characters, 256 bits. */
export function generateKey(party: string): NewKey {
  let random = "";
  while (random.length < length) {
    for (const byte of randomBytes(length)) {
      // 248 is the largest multiple of 62 in a byte: what lies above would favour the first letters.
      if (byte < 248 && random.length < length) random += alphabet.charAt(byte % alphabet.length);
    }
  }
  const key = `xl_${party}_${random}`;
  return { keyId: newId("key"), key, hash: hashKey(key) };
}

/** SHA-256 in hex. A key is random, so that nothing slower is needed. */
export function hashKey(key: string): string {
  return hash("sha256", key, "hex");
}

/** True for what could be a key at all, made by us or given (the operator's): anything else is refused without asking the database. */
export function looksLikeKey(text: string): boolean {
  return form.test(text) || givenForm.test(text);
}
