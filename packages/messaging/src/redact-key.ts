import { createHash } from "node:crypto";

const ownId = /^[a-z]{2,3}_[0-9a-z]{26}$/;

/**
 * A record's key as logs may show it: an id of ours as it is, anything else as the beginning of its SHA-256. Keys of parties and
 * lines are names, and who can write to Kafka can write any.
 */
export function redactKey(key: string): string {
  return ownId.test(key) ? key : `sha256:${createHash("sha256").update(key).digest("hex").slice(0, 12)}`;
}
