import type { Cause, Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

/** A finding about a firing that is missed, late, doubled or unfounded, about a gap in a topic, or about a forged record. */
export type Finding = {
  readonly foundAt: Instant;
  /** The last part of the event type, for example `missed`. */
  readonly kind: string;
  readonly caseId: string;
  readonly timeline: string;
  readonly data: unknown;
};

/** Inserts findings. */
export async function insertFindings(tx: Tx, findings: readonly Finding[]): Promise<void> {
  if (findings.length === 0) return;
  await tx.query({
    text: `
      -- auditor.insert-findings
      insert into finding (found_at, kind, case_id, timeline, data)
      select found_at, kind, case_id, timeline, data::json
      from unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[])
        as new (found_at, kind, case_id, timeline, data)`,
    values: [
      findings.map(({ foundAt }) => toSql(foundAt)),
      findings.map(({ kind }) => kind),
      findings.map(({ caseId }) => caseId),
      findings.map(({ timeline }) => timeline),
      findings.map(({ data }) => JSON.stringify(data)),
    ],
  });
}

/** Returns the latest findings, the newest first, optionally of one kind or one case. */
export function listFindings(
  tx: Tx,
  {
    limit,
    kind,
    caseId,
  }: { readonly limit: number; readonly kind?: string | undefined; readonly caseId?: string | undefined },
): Promise<(Finding & { readonly id: number })[]> {
  return tx.query({
    text: `
      -- auditor.list-findings
      select id, found_at as "foundAt", kind, case_id as "caseId", timeline, data from finding
      where ($2::text is null or kind = $2) and ($3::text is null or case_id = $3)
      order by id desc limit $1`,
    values: [limit, kind ?? null, caseId ?? null],
  });
}

/** Deletes the oldest findings beyond `keptMax`, so that a long failure does not fill the disk. */
export async function forgetFindings(tx: Tx, keptMax: number): Promise<void> {
  await tx.query({
    text: `
      -- auditor.forget-findings
      delete from finding where id <= (select max(id) - $1 from finding)`,
    values: [keptMax],
  });
}

/** Returns true if a stored finding says that the records of this topic and case are forged up to this sequence. */
export async function isFoundForged(tx: Tx, { topic, key, sequence }: Cause): Promise<boolean> {
  const rows = await tx.query({
    text: `
      -- auditor.find-forged
      select from finding where kind = 'forged' and case_id = $1 and data ->> 'topic' = $2
        and (data ->> 'sequence')::bigint >= $3 limit 1`,
    values: [key, topic, sequence],
  });
  return rows.length > 0;
}
