import { type Instant, type caseAssignment, type poolAssignment, formatInstant } from "@crossline/contracts";
import { briefAt } from "@crossline/domain";
import type { z } from "zod";
import type { AssignmentRow, QueuedAssignment } from "../store/pool-assignments.ts";
import { ageOf, instantsOf } from "./present-handoff.ts";

/** Presents an open assignment at an instant, in the list of its pool. */
export function presentQueuedAssignment(row: QueuedAssignment, present: Instant): z.infer<typeof poolAssignment> {
  const at = Math.max(present, row.state.lastEventAt);
  const isLeased = row.phase === "claimed" && row.leaseUntil !== null && row.leaseUntil >= at;
  const { caseId, timeline, assignedAt } = row;
  return {
    ...fieldsOf(row),
    caseId,
    timeline,
    phase: isLeased ? "claimed" : "assigned",
    ...(isLeased && instantsOf({ leaseUntil: row.leaseUntil })),
    age: ageOf(assignedAt, at),
    brief: briefAt(row.state, at),
  };
}

/** Presents an assignment of a case to the carrier. */
export function presentCaseAssignment(row: AssignmentRow): z.infer<typeof caseAssignment> {
  return {
    ...fieldsOf(row),
    phase: row.phase,
    ...instantsOf({ endedAt: row.endedAt }),
    ...(row.endedReason !== null && { endedReason: row.endedReason }),
  };
}

function fieldsOf(row: AssignmentRow) {
  const { assignmentId, pool, mode, step, attempt, reason, cause, assignedAt, claimedBy } = row;
  return {
    assignmentId,
    pool,
    mode,
    step,
    attempt,
    reason,
    ...(cause !== null && { cause }),
    assignedAt: formatInstant(assignedAt),
    ...(row.phase === "assigned" && instantsOf({ acceptBy: row.acceptBy })),
    ...instantsOf({ claimedAt: row.claimedAt }),
    ...(claimedBy !== null && { claimedBy }),
  };
}
