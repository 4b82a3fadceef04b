import type { CrossingMode, EventData, Instant } from "@crossline/contracts";
import type { CaseCrossing } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";
import type { AssignmentChange, NewAssignment } from "./pool-changes.ts";

type AssignmentCause = Pick<
  EventData<"pool.assigned">,
  "clock" | "threshold" | "dueAt" | "firedAt" | "trigger" | "missing"
>;

/** An assignment to a pool, open or ended. */
export type AssignmentRow = {
  readonly assignmentId: string;
  readonly caseId: string;
  readonly timeline: string;
  readonly pool: string;
  readonly mode: CrossingMode;
  readonly step: number;
  readonly attempt: number;
  readonly reason: string;
  readonly cause: AssignmentCause | null;
  readonly phase: AssignmentChange["phase"];
  readonly assignedAt: Instant;
  readonly acceptBy: Instant | null;
  readonly claimedAt: Instant | null;
  readonly claimedBy: string | null;
  readonly leaseUntil: Instant | null;
  readonly endedAt: Instant | null;
  readonly endedReason: string | null;
};

const columns = `
        assignment_id as "assignmentId", case_id as "caseId", pool_assignment.timeline, pool, mode, step, attempt, reason, cause,
        phase, assigned_at as "assignedAt", accept_by as "acceptBy", claimed_at as "claimedAt", claimed_by as "claimedBy",
        lease_until as "leaseUntil", ended_at as "endedAt", ended_reason as "endedReason"`;

/** Saves new and changed assignments. Changes come first, because a case has at most one open assignment. */
export async function saveAssignments(tx: Tx, changes: readonly (AssignmentChange | NewAssignment)[]): Promise<void> {
  if (changes.length === 0) return;
  const isNew = (change: AssignmentChange | NewAssignment): change is NewAssignment => "assigned" in change;
  await Promise.all([
    updateAssignments(
      tx,
      changes.filter((change) => !isNew(change)),
    ),
    insertAssignments(tx, changes.filter(isNew)),
  ]);
}

async function updateAssignments(tx: Tx, changes: readonly AssignmentChange[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.query({
    name: "routing.update-assignments",
    text: `
      -- routing.update-assignments
      update pool_assignment set phase = changed.phase, lease_until = changed.lease_until,
        accept_by = coalesce(changed.accept_by, pool_assignment.accept_by),
        claimed_at = coalesce(changed.claimed_at, pool_assignment.claimed_at),
        claimed_by = coalesce(changed.claimed_by, pool_assignment.claimed_by),
        ended_at = coalesce(changed.ended_at, pool_assignment.ended_at),
        ended_reason = coalesce(changed.ended_reason, pool_assignment.ended_reason)
      from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::text[],
          $7::timestamptz[], $8::text[])
        as changed (assignment_id, phase, accept_by, lease_until, claimed_at, claimed_by, ended_at, ended_reason)
      where pool_assignment.assignment_id = changed.assignment_id`,
    values: changeColumns(changes),
  });
}

async function insertAssignments(tx: Tx, assigned: readonly NewAssignment[]): Promise<void> {
  if (assigned.length === 0) return;
  await tx.query({
    name: "routing.insert-assignments",
    text: `
      -- routing.insert-assignments
      insert into pool_assignment (assignment_id, phase, accept_by, lease_until, claimed_at, claimed_by, ended_at, ended_reason,
        case_id, timeline, party, pool, mode, step, attempt, reason, cause, assigned_at)
      select assignment_id, phase, accept_by, lease_until, claimed_at, claimed_by, ended_at, ended_reason,
        case_id, timeline, party, pool, mode, step, attempt, reason, cause::json, assigned_at
      from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::text[],
          $7::timestamptz[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::smallint[],
          $15::smallint[], $16::text[], $17::text[], $18::timestamptz[])
        as new (assignment_id, phase, accept_by, lease_until, claimed_at, claimed_by, ended_at, ended_reason, case_id,
          timeline, party, pool, mode, step, attempt, reason, cause, assigned_at)`,
    values: [
      ...changeColumns(assigned),
      assigned.map(({ caseId }) => caseId),
      assigned.map(({ timeline }) => timeline),
      assigned.map((one) => one.assigned.actor.party),
      assigned.map((one) => one.assigned.pool),
      assigned.map((one) => one.assigned.mode),
      assigned.map((one) => one.assigned.step),
      assigned.map((one) => one.assigned.attempt),
      assigned.map((one) => one.assigned.reason),
      assigned.map((one) => causeOf(one.assigned)),
      assigned.map(({ assignedAt }) => toSql(assignedAt)),
    ],
  });
}

function causeOf({ clock, threshold, dueAt, firedAt, trigger, missing }: NewAssignment["assigned"]): string | null {
  if (clock === undefined && trigger === undefined && missing === undefined) return null;
  return JSON.stringify({ clock, threshold, dueAt, firedAt, trigger, missing } satisfies AssignmentCause);
}

function changeColumns(changes: readonly AssignmentChange[]): unknown[][] {
  const instantOrNull = (instant: Instant | undefined) => (instant === undefined ? null : toSql(instant));
  return [
    changes.map(({ assignmentId }) => assignmentId),
    changes.map(({ phase }) => phase),
    changes.map(({ acceptBy }) => instantOrNull(acceptBy)),
    changes.map(({ leaseUntil }) => instantOrNull(leaseUntil)),
    changes.map(({ claimedAt }) => instantOrNull(claimedAt)),
    changes.map(({ claimedBy }) => claimedBy ?? null),
    changes.map(({ endedAt }) => instantOrNull(endedAt)),
    changes.map(({ endedReason }) => endedReason ?? null),
  ];
}

/** The place of an assignment in a list that begins with the oldest. */
type AssignmentPlace = { readonly assignedAt: Instant; readonly assignmentId: string };
/** An assignment and the state of its case. */
export type QueuedAssignment = AssignmentRow & { readonly state: CaseCrossing };

/** The open assignments of a party's pool on one timeline that follow a place. */
export type AssignmentListQuery = {
  readonly party: string;
  readonly pool: string;
  readonly timeline: string;
  readonly after: AssignmentPlace | undefined;
  readonly limit: number;
};

/** Lists the open assignments of a pool with their cases, the oldest first. */
export function listAssignments(
  tx: Tx,
  { party, pool, timeline, after, limit }: AssignmentListQuery,
): Promise<QueuedAssignment[]> {
  return tx.query({
    name: "routing.list-assignments",
    text: `
      -- routing.list-assignments
      select ${columns}, case_crossing.state from pool_assignment join case_crossing using (case_id)
      where party = $1 and pool_assignment.timeline = $2 and pool = $3 and ended_at is null
        and (assigned_at, assignment_id) > ($4::timestamptz, $5)
      order by assigned_at, assignment_id limit $6`,
    values: [party, timeline, pool, toSql(after?.assignedAt ?? -Infinity), after?.assignmentId ?? "", limit],
  });
}

/** Finds an assignment of a party's pool, open or ended. */
export async function findAssignment(
  tx: Tx,
  party: string,
  pool: string,
  assignmentId: string,
): Promise<AssignmentRow | undefined> {
  const [row] = await tx.query<AssignmentRow>({
    name: "routing.find-assignment",
    text: `
      -- routing.find-assignment
      select ${columns} from pool_assignment where assignment_id = $1 and party = $2 and pool = $3`,
    values: [assignmentId, party, pool],
  });
  return row;
}

/** Lists the assignments of a case in their order. */
export function listAssignmentsOfCase(tx: Tx, caseId: string): Promise<AssignmentRow[]> {
  return tx.query({
    name: "routing.list-assignments-of-case",
    text: `
      -- routing.list-assignments-of-case
      select ${columns} from pool_assignment where case_id = $1
      order by assigned_at, ended_at nulls last, step, attempt`,
    values: [caseId],
  });
}
