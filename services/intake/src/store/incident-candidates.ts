import type { Instant } from "@crossline/contracts";
import type { CaseState } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";
import type { AlikeScope } from "./incidents.ts";

/** Returns the state of a case without a lock; undefined if no case has this id. */
export async function findCandidate(tx: Tx, id: string): Promise<CaseState | undefined> {
  const [row] = await tx.query<{ state: CaseState }>({
    text: `
      -- incident-candidate.find
      select state from case_record where id = $1`,
    values: [id],
  });
  return row?.state;
}

/** Inserts a case that can become a member of an incident. A repeated insertion changes nothing. */
export async function insertCandidate(
  tx: Tx,
  { timeline, carrier, scopeKey }: AlikeScope,
  { id, openedAt }: Pick<CaseState, "id" | "openedAt">,
): Promise<void> {
  await tx.query({
    text: `
      -- incident-candidate.insert
      insert into incident_candidate (timeline, carrier, scope_key, opened_at, case_id) values ($1, $2, $3, $4, $5)
      on conflict do nothing`,
    values: [timeline, carrier, scopeKey, toSql(openedAt), id],
  });
}

/** Returns the newest unsolved candidates that were opened in a window. Locks no case. The caller checks their present states. */
export async function findCandidates(
  tx: Tx,
  { timeline, carrier, scopeKey }: AlikeScope,
  { from, to, limit }: { readonly from: Instant; readonly to: Instant; readonly limit: number },
): Promise<CaseState[]> {
  const rows = await tx.query<{ state: CaseState }>({
    text: `
      -- incident-candidate.find-alike
      select r.state from incident_candidate c join case_record r on r.id = c.case_id
      where c.carrier = $1 and c.timeline = $2 and c.scope_key = $3 and c.opened_at between $4 and $5
        and r.status not in ('resolved', 'closed', 'rejected', 'cancelled')
      order by c.opened_at desc, c.case_id limit $6`,
    values: [carrier, timeline, scopeKey, toSql(from), toSql(to), limit],
  });
  return rows.map(({ state }) => state);
}

/** Deletes candidates of the wall timeline that are older than the longest window of a line. */
export async function expireCandidates(tx: Tx, rowsMax: number): Promise<void> {
  await tx.query({
    text: `
      -- incident-candidate.expire
      delete from incident_candidate where ctid = any(array(
        select ctid from incident_candidate where timeline = 'wall' and opened_at < clock_timestamp() - interval '400 days'
        limit $1))`,
    values: [rowsMax],
  });
}
