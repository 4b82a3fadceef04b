import { hashKey } from "@crossline/access";
import { type Refusal, isRefusal, refusal } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import { buildAuthorizationUrl, calculatePKCECodeChallenge, randomNonce, randomPKCECodeVerifier } from "openid-client";
import type { Issuers } from "../issuers/issuers.ts";
import { sealSecret } from "../issuers/secrets.ts";
import { findIssuer } from "../store/issuers.ts";
import { countSignIns, insertSignIn } from "../store/sign-ins.ts";
import { generateSecret } from "./open-session.ts";

/** The dependencies of a sign-in at an issuer. Without `publicUrl` no issuer can send a browser back. */
export type SignInDeps = {
  readonly database: Database;
  readonly issuers: Issuers;
  readonly internalKey: string;
  readonly publicUrl: string | undefined;
};

/** A sign-in that begins: the address at the issuer, and the cookie that binds the browser to it. */
export type BegunSignIn = { readonly location: string; readonly setCookie: string };

export const signInCookieName = "__Host-crossline-sign-in";
const lastsMs = 600_000;
/** A client without a key can begin sign-ins, so their number has a limit. */
const signInsMax = 5_000;

const noIssuer = refusal("not_found", "This company signs in without an issuer. Use a sign-in link.");
const noAddress = refusal(
  "unavailable",
  "This installation has no public address, to which an issuer sends the browser back. The operator sets PUBLIC_URL.",
);
const tooMany = refusal("overloaded", "Too many people of this company sign in at this moment. Try again in a moment.");

/** Returns the redirect URI of Crossline, which the issuers know. */
export function redirectUriOf(publicUrl: string): string {
  return `${publicUrl}/v1/session/oidc/callback`;
}

/**
 * Begins a sign-in at the issuer of a party: code flow with PKCE (RFC 7636), state and nonce. The state is the hash of the cookie, so only
 * the browser with the cookie can finish.
 */
export async function beginSignIn(
  { database, issuers, internalKey, publicUrl }: SignInDeps,
  { party, returnTo }: { readonly party: string; readonly returnTo: string },
): Promise<BegunSignIn | Refusal> {
  const row = await findIssuer(database, party);
  if (row === undefined) return noIssuer;
  if (publicUrl === undefined) return noAddress;
  if ((await countSignIns(database, party)) >= signInsMax) return tooMany;
  const issuer = await issuers.open(row);
  if (isRefusal(issuer)) return issuer;
  const { secret, hash: state } = generateSecret();
  const nonce = randomNonce();
  const verifier = randomPKCECodeVerifier();
  const location = buildAuthorizationUrl(issuer.config, {
    redirect_uri: redirectUriOf(publicUrl),
    scope: ["openid", ...row.claims.extraScopes].join(" "),
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  });
  const signIn = { party, nonce, verifier: sealSecret(verifier, internalKey), returnTo };
  await insertSignIn(database, signIn, { stateHash: hashKey(state), lastsMs });
  return { location: location.href, setCookie: signInCookie(secret, lastsMs) };
}

/** A cookie with `SameSite=Strict` would be missing in the request to which the issuer's page leads. */
export function signInCookie(secret: string, maxAgeMs: number): string {
  return `${signInCookieName}=${secret}; Path=/; Max-Age=${maxAgeMs / 1000}; HttpOnly; Secure; SameSite=Lax`;
}
