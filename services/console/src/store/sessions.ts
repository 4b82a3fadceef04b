import type { Instant, PersonRole } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

/** A person who signs in. `subject` and `issuerSession` are the claims `sub` and `sid` of OpenID Connect. */
export type SignedInPerson = {
  readonly party: string;
  readonly person: string;
  readonly roles: readonly PersonRole[];
  readonly subject?: string | undefined;
  readonly issuerSession?: string | undefined;
};

/** An open session. */
export type Session = Pick<SignedInPerson, "party" | "person" | "roles"> & {
  readonly id: string;
  readonly openedAt: Instant;
  readonly expiresAt: Instant;
};

type SessionRow = Omit<Session, "roles"> & { readonly roles: string };

const columns = `id, party, person, roles, opened_at as "openedAt", expires_at as "expiresAt"`;

/** Saves a new session that lasts for `lastsMs`, and returns it. */
export async function insertSession(
  tx: Tx,
  { party, person, roles, subject, issuerSession }: SignedInPerson,
  { id, hash, lastsMs }: { readonly id: string; readonly hash: string; readonly lastsMs: number },
): Promise<Session> {
  const [row] = await tx.query<SessionRow>({
    text: `
      -- console.insert-session
      insert into session (opened_at, expires_at, id, hash, party, person, roles, subject, issuer_session)
      select at, at + make_interval(secs => $8 / 1000.0), $1, $2, $3, $4, $5, $6, $7
      from clock_timestamp() as at
      returning ${columns}`,
    values: [id, hash, party, person, roles.join(","), subject ?? null, issuerSession ?? null, lastsMs],
  });
  if (row === undefined) throw new Error("the session was not saved");
  return toSession(row);
}

/** Ends the oldest sessions of a person, so that at most `sessionsMax` stay open. */
export async function endOldest(
  tx: Tx,
  { party, person }: Pick<SignedInPerson, "party" | "person">,
  sessionsMax: number,
): Promise<void> {
  await tx.query({
    text: `
      -- console.end-oldest-sessions
      delete from session where id in (
        select id from session where party = $1 and person = $2
        order by opened_at desc, id desc offset $3
      )`,
    values: [party, person, sessionsMax],
  });
}

/** Returns the open session of a cookie's hash. */
export async function findSession(tx: Tx, hash: string): Promise<Session | undefined> {
  const [row] = await tx.query<SessionRow>({
    name: "console.find-session",
    text: `
      -- console.find-session
      select ${columns} from session where hash = $1 and expires_at > clock_timestamp()`,
    values: [hash],
  });
  return row && toSession(row);
}

/** Returns an open session by its id. */
export async function findOpenSession(tx: Tx, id: string): Promise<Session | undefined> {
  const [row] = await tx.query<SessionRow>({
    text: `
      -- console.find-open-session
      select ${columns} from session where id = $1 and expires_at > clock_timestamp()`,
    values: [id],
  });
  return row && toSession(row);
}

/** Returns the open sessions of a party, the newest first. */
export async function listSessions(tx: Tx, party: string): Promise<Session[]> {
  const rows = await tx.query<SessionRow>({
    text: `
      -- console.list-sessions
      select ${columns} from session where party = $1 and expires_at > clock_timestamp()
      order by opened_at desc, id desc limit 1000`,
    values: [party],
  });
  return rows.map(toSession);
}

/** Ends one session of a party. Returns false if the party has no such session. */
export async function endSession(
  tx: Tx,
  { party, id }: { readonly party: string; readonly id: string },
): Promise<boolean> {
  const rows = await tx.query({
    text: `
      -- console.end-session
      delete from session where id = $1 and party = $2 returning id`,
    values: [id, party],
  });
  return rows.length > 0;
}

/**
 * Ends the sessions that a logout of the issuer names: those of one session of the issuer, or all sessions of a subject. A session for
 * which the issuer named no session of its own ends by the subject alone. Returns the number of ended sessions.
 */
export async function endIssuerSessions(
  tx: Tx,
  { party, subject, issuerSession }: { readonly party: string } & Pick<SignedInPerson, "subject" | "issuerSession">,
): Promise<number> {
  const rows = await tx.query({
    text: `
      -- console.end-issuer-sessions
      delete from session
      where party = $1 and subject is not null
        and ($2::text is null or subject = $2)
        and ($3::text is null or issuer_session = $3 or ($2::text is not null and issuer_session is null))
        and ($2::text is not null or $3::text is not null)
      returning id`,
    values: [party, subject ?? null, issuerSession ?? null],
  });
  return rows.length;
}

/** Ends all sessions that the issuer of a party opened, for example because the party has another issuer. */
export async function endSessionsOfIssuer(tx: Tx, party: string): Promise<void> {
  await tx.query({
    text: `
      -- console.end-sessions-of-issuer
      delete from session where party = $1 and subject is not null`,
    values: [party],
  });
}

/** Deletes up to `rowsMax` expired sessions and returns their number. */
export async function deleteExpiredSessions(tx: Tx, rowsMax: number): Promise<number> {
  const rows = await tx.query({
    text: `
      -- console.delete-expired-sessions
      delete from session where id in (
        select id from session where expires_at <= clock_timestamp() limit $1 for update skip locked
      ) returning id`,
    values: [rowsMax],
  });
  return rows.length;
}

function toSession({ roles, ...row }: SessionRow): Session {
  return { ...row, roles: roles.split(",") as PersonRole[] };
}
