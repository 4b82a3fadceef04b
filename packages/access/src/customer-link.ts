import { hkdfSync } from "node:crypto";
import { caseId, partyId } from "@crossline/contracts";
import { SignJWT, errors, jwtVerify } from "jose";
import { z } from "zod";

/** The content of the token in a customer's link. `generation` is the number of times that the links of the case were ended before. */
export type CustomerLinkToken = {
  readonly caseId: string;
  /** The carrier of the case. */
  readonly carrier: string;
  readonly generation: number;
  /** The customer's time zone, if the carrier has named it. */
  readonly zone?: string | undefined;
  readonly expiresAtSeconds: number;
};

/** See `createCustomerLinks`. */
export type CustomerLinks = {
  /** Returns the signed token of a link. */
  sign(token: CustomerLinkToken): Promise<string>;
  /** Returns the content of a token that has not expired. Returns undefined for any other text. */
  verify(token: string): Promise<CustomerLinkToken | undefined>;
};

const algorithm = "HS256";
const audience = "crossline.customer";

const claims = z
  .object({
    sub: caseId,
    iss: partyId,
    generation: z.int().min(1),
    zone: z.string().optional(),
    exp: z.int(),
  })
  .transform(({ sub, iss, generation, zone, exp }) => ({
    caseId: sub,
    carrier: iss,
    generation,
    zone,
    expiresAtSeconds: exp,
  }));

/**
 * Creates the function that signs the tokens of customers' links, and the function that verifies them. A token is a JSON Web Token (RFC
 * 7519). Its key derives from the internal key (HKDF, RFC 5869), with another label than the key of assertions. So no
 * token of one kind counts as a token of the other kind. A new internal key ends every link.
 */
export function createCustomerLinks(internalKey: string): CustomerLinks {
  const key = new Uint8Array(hkdfSync("sha256", internalKey, "", "crossline.customer-link", 32));
  return {
    sign: ({ caseId: sub, carrier, generation, zone, expiresAtSeconds }) =>
      new SignJWT({ generation, ...(zone !== undefined && { zone }) })
        .setProtectedHeader({ alg: algorithm })
        .setSubject(sub)
        .setIssuer(carrier)
        .setAudience(audience)
        .setExpirationTime(expiresAtSeconds)
        .sign(key),
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, key, { algorithms: [algorithm], audience });
        return claims.parse(payload);
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}
