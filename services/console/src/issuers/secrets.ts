import { seal, unseal } from "@crossline/idempotency";

const purpose = "crossline.issuer";

/** Encrypts a secret between an issuer and Crossline. */
export function sealSecret(secret: string, internalKey: string): string {
  return seal(secret, internalKey, purpose);
}

/** Decrypts a secret from `sealSecret`. Returns undefined if INTERNAL_KEY has changed. */
export function unsealSecret(sealed: string, internalKey: string): string | undefined {
  try {
    return unseal(sealed, internalKey, purpose);
  } catch {
    return undefined;
  }
}
