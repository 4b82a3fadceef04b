import { findParty, hashKey } from "@crossline/access";
import { type Refusal, isRefusal, refusal } from "@crossline/contracts";
import { readClaims } from "@crossline/domain";
import { type IDToken, authorizationCodeGrant } from "openid-client";
import { faultCode, refuseIssuerFault, startAgain } from "../issuers/faults.ts";
import { unsealSecret } from "../issuers/secrets.ts";
import { type IssuerRow, findIssuer, lockIssuer } from "../store/issuers.ts";
import { type SignInRow, useSignIn } from "../store/sign-ins.ts";
import { type SignInDeps, redirectUriOf } from "./begin-sign-in.ts";
import { type OpenedSession, openSession } from "./open-session.ts";

/** The request with which the issuer sends the browser back. */
export type Callback = {
  readonly state: string | undefined;
  /** The secret in the cookie of the browser. */
  readonly secret: string | undefined;
  /** The query with its question mark. */
  readonly query: string;
};

/** A finished sign-in: the session, and the path at which the browser continues. */
export type FinishedSignIn = OpenedSession & { readonly returnTo: string };
type FinishDeps = SignInDeps & { readonly onFault: (party: string, fault: string) => void };

const notBegun = refusal(
  "unauthenticated",
  "This sign-in did not begin in this browser, was finished before, or took longer than ten minutes. Start again.",
);

/** Finishes a sign-in: exchanges the code, validates the ID token, and opens a session for the person whom the token names. */
export async function finishSignIn(deps: FinishDeps, callback: Callback): Promise<FinishedSignIn | Refusal> {
  const { database } = deps;
  const { state, secret } = callback;
  if (state === undefined || secret === undefined || hashKey(secret) !== state) return notBegun;
  // The state is used up before the exchange, so that of two equal callbacks at the same time only one has it.
  const signIn = await useSignIn(database, hashKey(state));
  if (signIn === undefined) return notBegun;
  const row = await findIssuer(database, signIn.party);
  if (row === undefined) return notBegun;
  const claims = await exchangeCode(deps, { row, signIn, state, query: callback.query });
  return isRefusal(claims) ? claims : openFor(deps, { row, claims, returnTo: signIn.returnTo });
}

type Exchange = {
  readonly row: IssuerRow;
  readonly signIn: SignInRow;
  readonly state: string;
  readonly query: string;
};

async function exchangeCode(
  { issuers, internalKey, publicUrl, onFault }: FinishDeps,
  { row, signIn, state, query }: Exchange,
): Promise<IDToken | Refusal> {
  const issuer = await issuers.open(row);
  if (isRefusal(issuer)) return issuer;
  const pkceCodeVerifier = unsealSecret(signIn.verifier, internalKey);
  if (publicUrl === undefined || pkceCodeVerifier === undefined) return notBegun;
  try {
    const tokens = await authorizationCodeGrant(issuer.config, new URL(`${redirectUriOf(publicUrl)}${query}`), {
      pkceCodeVerifier,
      expectedState: state,
      expectedNonce: signIn.nonce,
      idTokenExpected: true,
    });
    return tokens.claims() ?? startAgain;
  } catch (error) {
    const refused = refuseIssuerFault(error);
    onFault(signIn.party, faultCode(error));
    return refused;
  }
}

/** Opens a session, unless the operator has changed the issuer since the exchange. */
async function openFor(
  { database }: FinishDeps,
  { row, claims, returnTo }: { readonly row: IssuerRow; readonly claims: IDToken; readonly returnTo: string },
): Promise<FinishedSignIn | Refusal> {
  return database.transaction(async (tx) => {
    const { party } = row;
    const [current, found] = [await lockIssuer(tx, party), await findParty(tx, party)];
    if (found === undefined || current?.changedAt !== row.changedAt) return notBegun;
    const named = readClaims(claims, row.claims, found.kind);
    if (isRefusal(named)) return named;
    const issuerSession = typeof claims["sid"] === "string" ? claims["sid"] : undefined;
    return { ...(await openSession(tx, { party, ...named, subject: claims.sub, issuerSession })), returnTo };
  });
}
