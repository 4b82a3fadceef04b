import type { Tx } from "@crossline/postgres";

// With these SQL statements, a consumer watches the members of its group. All statements except `findMembers` must use the
// connection that holds the member's lock.

const lockOf = (parameter: string) => `(hashtext('crossline.member'), hashtext(${parameter}))`;

/**
 * Locks the name of a member and then inserts its row. If the lock of a member's row is free, the process of that
 * member has therefore ended.
 */
export async function insertMember(session: Tx, memberId: string): Promise<void> {
  const values = [memberId];
  await session.query({ text: `-- member.lock\nselect pg_advisory_lock${lockOf("$1")}`, values });
  await session.query({
    text: `
      -- member.enter
      insert into group_member (member_id, server_started_at) values ($1, pg_postmaster_start_time())
      on conflict (member_id) do update set server_started_at = excluded.server_started_at`,
    values,
  });
}

/** Deletes this connection's own member, or a member whose process has ended. */
export async function deleteMember(session: Tx, memberId: string): Promise<void> {
  await session.query({ text: "-- member.delete\ndelete from group_member where member_id = $1", values: [memberId] });
}

/** Releases the lock of a former member of this connection. */
export async function unlockMember(session: Tx, memberId: string): Promise<void> {
  await session.query({ text: `-- member.unlock\nselect pg_advisory_unlock${lockOf("$1")}`, values: [memberId] });
}

/**
 * Returns all members except the member `except`. `isGone` is true for a member whose lock is free and whose row was
 * inserted in this run of the PostgreSQL server. The check takes the lock only for a moment.
 */
export function findMembers(
  session: Tx,
  except: string | undefined,
): Promise<{ readonly memberId: string; readonly isGone: boolean }[]> {
  return session.query({
    text: `
      -- member.find
      select member_id as "memberId", case when server_started_at = pg_postmaster_start_time()
        then pg_try_advisory_xact_lock${lockOf("member_id")} else false end as "isGone"
      from group_member where member_id is distinct from $1`,
    values: [except ?? null],
  });
}
