import { type Me, type PresentedSession, formatInstant, keyScopes } from "@crossline/contracts";
import type { Caller } from "@crossline/service";
import type { Session } from "../store/sessions.ts";

/** Returns a session as its company reads it. */
export function presentSession({ id, person, roles, openedAt, expiresAt }: Session): PresentedSession {
  return { id, person, roles: [...roles], openedAt: formatInstant(openedAt), expiresAt: formatInstant(expiresAt) };
}

/** Returns the caller as `GET /v1/me` describes it. `session` is the caller's session, if a person is signed in. */
export function presentMe(
  { party, kind, keyId, scopes }: Pick<Caller, "party" | "kind" | "keyId" | "scopes">,
  name: string,
  session: Session | undefined,
): Me {
  const own = session === undefined ? { keyId } : { session: presentSession(session) };
  return { party, kind, name, scopes: [...(scopes ?? keyScopes)], ...own };
}
