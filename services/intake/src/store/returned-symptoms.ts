import type { Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

/** A symptom that returned after its fix, in a case that was reopened or in a new case. */
export type ReturnedRow = {
  readonly timeline: string;
  readonly carrier: string;
  readonly scopeKey: string;
  readonly at: Instant;
  readonly caseId: string;
  /** The sequence of the reopening or opening on the case topic. */
  readonly sequence: number;
};

/** Inserts a symptom that returned, and skips a row that exists already. */
export async function insertReturned(
  tx: Tx,
  { timeline, carrier, scopeKey, at, caseId, sequence }: ReturnedRow,
): Promise<void> {
  await tx.query({
    text: `
      -- returned-symptom.insert
      insert into returned_symptom (timeline, carrier, scope_key, at, case_id, sequence)
      values ($1, $2, $3, $4::timestamptz, $5, $6)
      on conflict do nothing`,
    values: [timeline, carrier, scopeKey, toSql(at), caseId, sequence],
  });
}

/**
 * Returns one row for each return of the symptom since an instant, oldest first, at most 1,000. Returns before the end of the last problem
 * about the symptom do not count.
 */
export async function findReturned(
  tx: Tx,
  {
    timeline,
    carrier,
    scopeKey,
    since,
  }: Pick<ReturnedRow, "timeline" | "carrier" | "scopeKey"> & { readonly since: Instant },
): Promise<{ caseId: string; at: Instant }[]> {
  return tx.query({
    text: `
      -- returned-symptom.find
      select case_id as "caseId", at from returned_symptom
      where timeline = $1 and carrier = $2 and scope_key = $3 and at >= $4::timestamptz
        and at > coalesce((select max(ended_at) from problem where carrier = $2 and timeline = $1 and scope_key = $3
          and status in ('closed', 'cancelled')), '-infinity')
      order by at, case_id, sequence limit 1000`,
    values: [timeline, carrier, scopeKey, toSql(since)],
  });
}

/**
 * Returns true if an earlier case of the same device or customer had the symptom and was fixed. Such a case was resolved or closed with a
 * fix code since an instant.
 */
export async function hasFixedCase(
  tx: Tx,
  { caseId, symptom, since }: { readonly caseId: string; readonly symptom: string; readonly since: Instant },
): Promise<boolean> {
  const rows = await tx.query({
    text: `
      -- returned-symptom.find-fixed
      select 1 from case_record own
        join case_identity i on i.case_id = own.id and i.timeline = own.timeline and i.carrier = own.carrier
        join case_identity other on other.timeline = i.timeline and other.identity = i.identity
          and other.carrier = own.carrier and other.case_id <> own.id
        join case_record fixed on fixed.id = other.case_id
      where own.id = $1 and fixed.opened_at <= own.opened_at and fixed.status in ('resolved', 'closed')
        and fixed.state->>'symptom' = $2 and fixed.state->>'fixCode' is not null
        and fixed.state->>'mergedInto' is null and fixed.last_event_at >= $3::timestamptz
      limit 1`,
    values: [caseId, symptom, toSql(since)],
  });
  return rows.length > 0;
}
