import {
  type Assertions,
  type Authenticator,
  type FoundSession,
  assertionLastsMs,
  hashKey,
  looksLikeAssertion,
} from "@crossline/access";
import { type Refusal, refusal } from "@crossline/contracts";
import type { Caller, SignedInCaller } from "@crossline/service";
import { createOperatorAssertions } from "./operator-key.ts";

/** Finds callers by their API keys and by their sessions. An assertion counts only between the services, so intake refuses it. */
export type PublicAuthenticator = Authenticator & {
  readonly findSession: (secret: string) => Promise<SessionResult> | SessionResult;
  readonly signOperator: (key: string, operator: Caller) => Promise<SignedInCaller> | SignedInCaller;
  /** Forgets a session that has ended, so that this process refuses it at once. */
  readonly forget: (sessionId: string) => void;
  readonly publicOrigin: string | undefined;
};

/** The result of a session's lookup. Undefined: no open session. A refusal: the console does not respond. */
type SessionResult = SignedInCaller | Refusal | undefined;

/** The dependencies of `withSessions`. */
export type SessionDeps = {
  /** Asks the console for a session. Rejects if the console does not respond. */
  readonly find: (hash: string) => Promise<FoundSession | undefined>;
  readonly sign: Assertions["sign"];
  /** The address of Crossline for browsers. Undefined: the header Host names the address. */
  readonly publicOrigin: string | undefined;
};

type CachedSession = { readonly found: SignedInCaller; checkedAt: number; readonly signedAt: number };

/** The time for which intake accepts a session without asking the console. An ended session works until this time has passed. */
const keepMs = 5_000;
/** A session is known by its last assertion while the console does not respond, and an assertion of this age is replaced. */
const usableMs = assertionLastsMs / 2;
const sessionsMax = 10_000;
const unavailable = refusal(
  "unavailable",
  "The console, which keeps the sessions, is unreachable. Try again in a moment.",
  {
    retryAfterSeconds: 1,
  },
);

/**
 * Adds sessions to the authenticator of API keys. Intake asks the console for a session at most every 5 s. If the console does not
 * respond, intake accepts a known session for up to 30 s more, so that a short outage interrupts no work.
 */
export function withSessions(keys: Authenticator, { find, sign, publicOrigin }: SessionDeps): PublicAuthenticator {
  const cached = new Map<string, CachedSession>();
  const searches = new Map<string, Promise<SessionResult>>();

  async function search(secret: string): Promise<SessionResult> {
    const known = cached.get(secret);
    let session: FoundSession | undefined;
    try {
      session = await find(hashKey(secret));
    } catch {
      return known !== undefined && performance.now() - known.signedAt < usableMs ? known.found : unavailable;
    }
    cached.delete(secret);
    if (session === undefined) return undefined;
    const now = performance.now();
    const isFresh = known !== undefined && now - known.signedAt < usableMs;
    const found = isFresh ? known.found : await signIn(session, secret);
    cached.set(secret, { found, checkedAt: now, signedAt: isFresh ? known.signedAt : now });
    if (cached.size > sessionsMax) cached.delete([...cached.keys()][0] ?? "");
    return found;
  }

  async function signIn(found: FoundSession, secret: string): Promise<SignedInCaller> {
    const session = { ...found.session, seal: hashKey(`crossline.seal ${secret}`) };
    const holder = { ...found, session, keyId: session.id };
    return { caller: holder, assertion: await sign(holder) };
  }

  function findSession(secret: string): Promise<SessionResult> | SessionResult {
    const entry = cached.get(secret);
    if (entry !== undefined && performance.now() - entry.checkedAt < keepMs) return entry.found;
    const running = searches.get(secret);
    if (running !== undefined) return running;
    const started = search(secret).finally(() => searches.delete(secret));
    searches.set(secret, started);
    return started;
  }

  function forget(sessionId: string): void {
    for (const [secret, { found }] of cached) if (found.caller.keyId === sessionId) cached.delete(secret);
  }

  const authenticate = async (key: string) => (looksLikeAssertion(key) ? undefined : keys(key));
  return Object.assign(authenticate, {
    findCached: (key: string) => (looksLikeAssertion(key) ? undefined : keys.findCached(key)),
    usedSince: (instant: number) => keys.usedSince(instant),
    findSession,
    signOperator: createOperatorAssertions(sign),
    forget,
    publicOrigin,
  });
}
