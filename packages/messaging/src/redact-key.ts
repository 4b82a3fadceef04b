import { createHash } from "node:crypto";

const ownId = /^[a-z]{2,3}_[0-9a-z]{26}$/;

/**
 * Returns a record's key in a form that is safe for logs. Returns a Crossline id unchanged. For any other key, returns
 * the beginning of the key's SHA-256. The keys of parties and lines contain names, and any client of Kafka can write
 * any key.
 */
export function redactKey(key: string): string {
  return ownId.test(key) ? key : `sha256:${createHash("sha256").update(key).digest("hex").slice(0, 12)}`;
}
