import type { Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

/** A case that belongs to a problem (`linked`), or that got the workaround of its known error (`offered`). */
export type ProblemCaseRow = {
  readonly problemId: string;
  readonly role: "linked" | "offered";
  readonly caseId: string;
  readonly at: Instant;
};

/** The outcome of a workaround in a case. */
export type OutcomeRow = { readonly problemId: string; readonly caseId: string; readonly outcome: "worked" | "failed" };

/** Inserts cases of problems, and skips each case that a problem already has in this role. */
export async function insertProblemCases(tx: Tx, rows: readonly ProblemCaseRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    text: `
      -- problem-case.insert
      insert into problem_case (problem_id, role, case_id, at)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
      order by 1, 2, 3
      on conflict do nothing`,
    values: [
      rows.map(({ problemId }) => problemId),
      rows.map(({ role }) => role),
      rows.map(({ caseId }) => caseId),
      rows.map(({ at }) => toSql(at)),
    ],
  });
}

/** Saves the outcomes of workarounds. */
export async function saveOutcomes(tx: Tx, rows: readonly OutcomeRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    text: `
      -- problem-case.save-outcomes
      update problem_case set outcome = new.outcome
      from unnest($1::text[], $2::text[], $3::text[]) as new (problem_id, case_id, outcome)
      where problem_case.problem_id = new.problem_id and problem_case.case_id = new.case_id
        and problem_case.role = 'offered'`,
    values: [
      rows.map(({ problemId }) => problemId),
      rows.map(({ caseId }) => caseId),
      rows.map(({ outcome }) => outcome),
    ],
  });
}

/** Deletes a case that belongs to a problem. Returns false if the case did not belong to it. */
export async function removeProblemCase(tx: Tx, problemId: string, caseId: string): Promise<void> {
  await tx.query({
    text: `
      -- problem-case.remove
      delete from problem_case where problem_id = $1 and role = 'linked' and case_id = $2`,
    values: [problemId, caseId],
  });
}

/** Returns true if a case belongs to a problem. */
export async function isLinkedCase(tx: Tx, problemId: string, caseId: string): Promise<boolean> {
  const rows = await tx.query({
    text: `
      -- problem-case.is-linked
      select 1 from problem_case where problem_id = $1 and role = 'linked' and case_id = $2`,
    values: [problemId, caseId],
  });
  return rows.length > 0;
}

/** Adds the cases that lacked the item of a new problem since an instant, without those of an earlier problem. */
export async function linkMissing(
  tx: Tx,
  problem: { readonly problemId: string; readonly since: Instant } & Readonly<
    Record<"timeline" | "carrier" | "kind" | "channel" | "item" | "scopeKey", string>
  >,
): Promise<void> {
  const { problemId, since, timeline, carrier, kind, channel, item, scopeKey } = problem;
  await tx.query({
    text: `
      -- problem-case.link-missing
      insert into problem_case (problem_id, role, case_id, at)
      select distinct on (case_id) $1, 'linked', case_id, at from missing_item
      where timeline = $2 and carrier = $3 and kind = $4 and channel = $5 and item = $6 and at >= $7::timestamptz
        and at > coalesce((select max(ended_at) from problem where carrier = $3 and timeline = $2 and scope_key = $8
          and status in ('closed', 'cancelled')), '-infinity')
      order by case_id, at
      on conflict do nothing`,
    values: [problemId, timeline, carrier, kind, channel, item, toSql(since), scopeKey],
  });
}

/** The counts of a problem. */
export type ProblemCounts = Readonly<Record<"linked" | "offered" | "worked" | "failed", number>>;

/** Counts the cases of a problem. */
export async function countProblemCases(tx: Tx, problemId: string): Promise<ProblemCounts> {
  const [counts] = await tx.query<ProblemCounts>({
    text: `
      -- problem-case.count
      select count(*) filter (where role = 'linked') as linked, count(*) filter (where role = 'offered') as offered,
        count(*) filter (where outcome = 'worked') as worked, count(*) filter (where outcome = 'failed') as failed
      from problem_case where problem_id = $1`,
    values: [problemId],
  });
  return counts ?? { linked: 0, offered: 0, worked: 0, failed: 0 };
}

/** Returns the newest cases of a problem, at most 100 of each role. */
export function listProblemCases(
  tx: Tx,
  problemId: string,
): Promise<(ProblemCaseRow & { readonly outcome: OutcomeRow["outcome"] | null })[]> {
  return tx.query({
    text: `
      -- problem-case.list
      select problem_id as "problemId", role, case_id as "caseId", at, outcome
      from (select *, row_number() over (partition by role order by at desc, case_id desc) as place
        from problem_case where problem_id = $1) as placed
      where place <= 100 order by at desc, case_id desc`,
    values: [problemId],
  });
}
