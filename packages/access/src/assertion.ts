import { hkdfSync } from "node:crypto";
import { keyScope, operatorParty, partyId, personRole } from "@crossline/contracts";
import { SignJWT, errors, jwtVerify } from "jose";
import { z } from "zod";

/** The holder that an assertion names: a signed-in person, or the operator with its key. */
export type AssertedHolder = SessionHolder | OperatorKeyHolder;

/** The holder that an assertion names, and the instant at which it expires, in seconds since 1970. */
type VerifiedAssertion = { readonly holder: AssertedHolder; readonly expiresAtSeconds: number };

/** See `createAssertions`. */
export type Assertions = {
  /** Returns an assertion that is valid for `assertionLastsMs`. */
  sign(holder: AssertedHolder): Promise<string>;
  /** Returns the holder of a valid assertion. Returns undefined for an assertion that has expired or that no service signed. */
  verify(assertion: string): Promise<VerifiedAssertion | undefined>;
};

/** The time for which an assertion is valid. Intake signs a new one before the old one expires. */
export const assertionLastsMs = 60_000;

const algorithm = "HS256";
const audience = "crossline";
const form = /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/; // "eyJ" is `{"` in base64url.

const sessionClaims = z.object({ id: z.string(), person: z.string(), roles: z.array(personRole) });

/** The schema of an open session as the console describes it: a person of a party, with the scopes of the person's roles. */
export const foundSession = z.object({
  party: partyId,
  kind: z.enum(["carrier", "vendor", "operator"]),
  scopes: z.array(keyScope),
  session: sessionClaims,
});
export type FoundSession = z.output<typeof foundSession>;

const sessionHolder = foundSession
  .extend({ session: sessionClaims.extend({ seal: z.string() }) })
  .transform((holder) => ({ ...holder, keyId: holder.session.id }));
/** The holder of a session. `seal` is a secret that stays the same during the session. */
export type SessionHolder = z.output<typeof sessionHolder>;

const operatorKeyClaims = z
  .object({
    party: z.literal(operatorParty),
    kind: z.literal("operator"),
    key: z.object({ id: z.string(), seal: z.string() }),
  })
  .transform(({ party, kind, key: { id: keyId, seal } }) => ({ party, kind, keyId, seal, session: undefined }));
/** The operator with its API key. `seal` is a secret that stays the same as long as the key. */
export type OperatorKeyHolder = z.output<typeof operatorKeyClaims>;

/** Returns the operator with its API key, for `sign`. */
export function operatorKeyHolder(keyId: string, seal: string): OperatorKeyHolder {
  return { party: operatorParty, kind: "operator", keyId, seal, session: undefined };
}

const assertedHolder = z.union([sessionHolder, operatorKeyClaims]);

const expiry = z.object({ exp: z.int() });

/**
 * Creates the function that signs assertions and the function that verifies them. An assertion is a JSON Web Token (RFC 7519) with which
 * intake names a signed-in person or the operator to the other services. Only intake checks the operator's API key, so the
 * other services never receive the key. The key of an assertion derives from the internal key (HKDF, RFC 5869), which only
 * the services have.
 */
export function createAssertions(internalKey: string): Assertions {
  const key = new Uint8Array(hkdfSync("sha256", internalKey, "", "crossline.assertion", 32));
  return {
    sign: (holder) =>
      new SignJWT(claimsOf(holder))
        .setProtectedHeader({ alg: algorithm })
        .setAudience(audience)
        .setExpirationTime(Math.floor((Date.now() + assertionLastsMs) / 1000))
        .sign(key),
    async verify(assertion) {
      try {
        const { payload } = await jwtVerify(assertion, key, { algorithms: [algorithm], audience });
        return { holder: assertedHolder.parse(payload), expiresAtSeconds: expiry.parse(payload).exp };
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}

function claimsOf(holder: AssertedHolder) {
  const { party, kind } = holder;
  if (holder.session === undefined) return { party, kind, key: { id: holder.keyId, seal: holder.seal } };
  const { scopes, session } = holder;
  return { party, kind, scopes, session };
}

/** Returns true if a text has the form of an assertion. */
export function looksLikeAssertion(text: string): boolean {
  return form.test(text);
}
