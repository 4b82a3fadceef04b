import { randomBytes } from "node:crypto";
import { hashKey } from "@crossline/access";
import { newId } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import { sessionCookieName } from "@crossline/service";
import { type Session, type SignedInPerson, endOldest, insertSession } from "../store/sessions.ts";

/** A session lasts for 12 hours, whether its person is active or not. */
const sessionLastsMs = 12 * 3_600_000;
const sessionsOfPersonMax = 20;
const secretBytes = 32;

/** A new session. Only this value contains the cookie, because the database stores only the hash of the secret. */
export type OpenedSession = { readonly session: Session; readonly setCookie: string };

/** Returns a random secret of 256 bits in base64url, and its hash. */
export function generateSecret(): { readonly secret: string; readonly hash: string } {
  const secret = randomBytes(secretBytes).toString("base64url");
  return { secret, hash: hashKey(secret) };
}

/** Opens a session for a person who has proved who they are. A person has at most 20 sessions, so the oldest one ends for a further one. */
export async function openSession(tx: Tx, person: SignedInPerson): Promise<OpenedSession> {
  const { secret, hash } = generateSecret();
  const session = await insertSession(tx, person, { id: newId("ss"), hash, lastsMs: sessionLastsMs });
  await endOldest(tx, person, sessionsOfPersonMax);
  return { session, setCookie: cookieOf(secret, sessionLastsMs) };
}

/** Returns the header `Set-Cookie` that removes the cookie of a session. */
export const clearedCookie = cookieOf("", 0);

/** A browser accepts the prefix `__Host-` only with Secure, with this path and without a domain (RFC 6265bis, 4.1.3.2). */
function cookieOf(secret: string, lastsMs: number): string {
  return `${sessionCookieName}=${secret}; Path=/; Max-Age=${lastsMs / 1000}; HttpOnly; Secure; SameSite=Strict`;
}
