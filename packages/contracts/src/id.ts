import { createHash, randomBytes } from "node:crypto";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's: no i, l, o, u

/** What an id names; the prefix says it in logs and addresses. */
export type IdPrefix = "cs" | "ct" | "ho" | "hd" | "en" | "imp" | "stp" | "sub" | "dlv" | "key" | "fir";

/** A new id: prefix, 48 bits of time (so that ids sort by birth) and 80 random bits, in Crockford's base 32. */
export function newId(prefix: IdPrefix): string {
  const time = Date.now().toString(16).padStart(12, "0");
  return `${prefix}_${base32(Buffer.concat([Buffer.from(time, "hex"), randomBytes(10)]))}`;
}

/** An id that is a function of its parts: the same parts give the same id, in every process and at every replay. */
export function derivedId(prefix: IdPrefix, ...parts: readonly (string | number)[]): string {
  return `${prefix}_${base32(createHash("sha256").update(JSON.stringify(parts)).digest().subarray(0, 16))}`;
}

function base32(bytes: Buffer): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let text = "";
  for (let digits = Math.ceil((bytes.length * 8) / 5); digits > 0; digits--) {
    text = alphabet.charAt(Number(bits & 31n)) + text;
    bits >>= 5n;
  }
  return text;
}
