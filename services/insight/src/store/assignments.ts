import type { Instant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import { sqlOf } from "./optional-instant.ts";

/** A change of an assignment to a pool. A missing value changes nothing. */
export type AssignmentChange = {
  readonly assignmentId: string;
  readonly caseId: string;
  readonly pool: string;
  readonly assignedAt?: Instant;
  readonly claimedAt?: Instant;
  readonly endedAt?: Instant;
  readonly outcome?: string;
};

/** Saves the changes of assignments, in the order of their ids, at most one for each assignment. Only the first claim counts. */
export async function saveAssignments(tx: Tx, changes: readonly AssignmentChange[]): Promise<void> {
  if (changes.length === 0) return;
  const instants = (pick: (change: AssignmentChange) => Instant | undefined) => changes.map((one) => sqlOf(pick(one)));
  await tx.query({
    name: "insight.save-assignments",
    text: `
      -- insight.save-assignments
      insert into assignment as a (assignment_id, case_id, pool, outcome, assigned_at, claimed_at, ended_at)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[],
        $7::timestamptz[])
      on conflict (assignment_id) do update set
        outcome = coalesce(excluded.outcome, a.outcome), assigned_at = coalesce(excluded.assigned_at, a.assigned_at),
        claimed_at = coalesce(a.claimed_at, excluded.claimed_at), ended_at = coalesce(excluded.ended_at, a.ended_at)`,
    values: [
      changes.map(({ assignmentId }) => assignmentId),
      changes.map(({ caseId }) => caseId),
      changes.map(({ pool }) => pool),
      changes.map(({ outcome }) => outcome ?? null),
      instants(({ assignedAt }) => assignedAt),
      instants(({ claimedAt }) => claimedAt),
      instants(({ endedAt }) => endedAt),
    ],
  });
}
