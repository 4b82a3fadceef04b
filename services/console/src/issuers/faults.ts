import { type Refusal, refusal } from "@crossline/contracts";
import { errors } from "jose";
import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from "openid-client";
import { IssuerUnreachableError } from "./fetch.ts";

const codeForm = /^[a-z_]{1,40}$/;
const causesMax = 5;
/** The errors of a token endpoint that refuses Crossline, and not the person (RFC 6749, 5.2). */
const ofClient: ReadonlySet<string> = new Set(["invalid_client", "unauthorized_client", "unsupported_grant_type"]);

export const unreachable = refusal(
  "unavailable",
  "The issuer of your company does not respond. Try again in a moment, or sign in with a sign-in link.",
  { retryAfterSeconds: 10 },
);
export const startAgain = refusal(
  "unauthenticated",
  "The issuer's response is not valid for this sign-in. Start again.",
);

/** Returns true if an error says that the issuer does not respond. */
export function isUnreachable(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < causesMax; at = at.cause, depth++)
    if (at instanceof IssuerUnreachableError || at instanceof errors.JWKSTimeout) return true;
  return false;
}

/** Returns true if an error is about a response of the issuer or about one of its tokens. Every other error is a bug. */
export function isOfIssuer(error: unknown): boolean {
  return (
    isUnreachable(error) ||
    error instanceof ClientError ||
    error instanceof ResponseBodyError ||
    error instanceof AuthorizationResponseError ||
    error instanceof WWWAuthenticateChallengeError ||
    error instanceof errors.JOSEError
  );
}

/**
 * Returns the refusal of a sign-in that failed at the issuer. The refusal has the issuer's error code, and never its description, which can
 * name a person. Throws the error if it is a bug.
 */
export function refuseIssuerFault(error: unknown): Refusal {
  if (isUnreachable(error)) return unreachable;
  if (error instanceof AuthorizationResponseError) {
    return refusal("forbidden", "The issuer refused the sign-in, or the person cancelled it.", {
      facts: { issuerError: codeOf(error.error) },
    });
  }
  if (error instanceof ResponseBodyError && ofClient.has(error.error)) {
    return refusal("forbidden", "The issuer refused Crossline. The operator checks the client id and the secret.", {
      facts: { issuerError: codeOf(error.error) },
    });
  }
  if (isOfIssuer(error)) return startAgain;
  throw error;
}

/** Returns the code of a fault for the log: a constant of OAuth or of a library, never a text of the issuer. */
export function faultCode(error: unknown): string {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) return codeOf(error.error);
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
}

function codeOf(code: string): string {
  return codeForm.test(code) ? code : "other";
}
