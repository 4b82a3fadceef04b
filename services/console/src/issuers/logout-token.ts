import { type Refusal, refusal } from "@crossline/contracts";
import { errors, jwtVerify } from "jose";
import type { OpenIssuer } from "./discover.ts";
import { isUnreachable, unreachable } from "./faults.ts";

/** The sessions that a logout token ends: of one session of the issuer, of a subject, or of both. */
export type Logout = { readonly subject?: string | undefined; readonly issuerSession?: string | undefined };

const event = "http://schemas.openid.net/event/backchannel-logout";
const clockTolerance = 60;
const ageMax = "10 min";

/**
 * Validates a logout token (OpenID Connect Back-Channel Logout 1.0, 2.6) and returns the sessions that it ends. The function keeps no
 * `jti`: a token that is sent again can only end sessions that its issuer wanted to end.
 */
export async function readLogoutToken(
  token: string,
  { config, keys, signingAlgorithms }: OpenIssuer,
): Promise<Logout | Refusal> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: config.serverMetadata().issuer,
      audience: config.clientMetadata().client_id,
      algorithms: [...signingAlgorithms],
      requiredClaims: ["iat", "jti"],
      maxTokenAge: ageMax,
      clockTolerance,
    });
    const { sub, sid, events, nonce } = payload;
    if (!isLogoutEvent(events)) return refuseToken("events has no back-channel logout");
    if (nonce !== undefined) return refuseToken("it has a nonce, as only an ID token has");
    const issuerSession = typeof sid === "string" ? sid : undefined;
    if (sub === undefined && issuerSession === undefined) return refuseToken("it has neither sub nor sid");
    return { subject: sub, issuerSession };
  } catch (error) {
    if (isUnreachable(error)) return unreachable;
    if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired)
      return refuseToken(`the claim ${error.claim} is wrong`);
    if (error instanceof errors.JOSEError) return refuseToken("no key of the issuer signed it");
    throw error;
  }
}

function isLogoutEvent(events: unknown): boolean {
  if (typeof events !== "object" || events === null || !Object.hasOwn(events, event)) return false;
  const content = (events as Record<string, unknown>)[event];
  return typeof content === "object" && content !== null;
}

function refuseToken(message: string): Refusal {
  return refusal("invalid_request", `The logout token is not valid: ${message}.`, {
    fields: [{ at: "/logout_token", message }],
  });
}
