import { randomBytes } from "node:crypto";
import type { Instant } from "@crossline/contracts";
import { Webhook } from "standardwebhooks";

/** Creates a signing secret in the form of Standard Webhooks: `whsec_` and 256 random bits in base64. */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

/**
 * Returns the three headers of Standard Webhooks 1.0, with a signature by each secret. A receiver accepts the message if one of
 * the signatures is valid. All attempts of a message have the same id, and each attempt has its own time.
 */
export function signedHeaders(
  secrets: readonly string[],
  id: string,
  at: Instant,
  payload: string,
): Record<string, string> {
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at / 1000)),
    "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(id, new Date(at), payload)).join(" "),
  };
}
