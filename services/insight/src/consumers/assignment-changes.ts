import type { EventOf, ReceivedMessage } from "@crossline/contracts";
import type { AssignmentChange } from "../store/assignments.ts";

/** The events that change an assignment to a pool. */
export const assignmentTypes = ["pool.assigned", "pool.claimed", "pool.released", "pool.lapsed"] as const;

type AssignmentEvent = EventOf<(typeof assignmentTypes)[number]>;

/** Returns the change of an assignment that this event causes, or nothing for any other event. The person is not stored. */
export function assignmentChange(event: ReceivedMessage): AssignmentChange[] {
  return (assignmentTypes as readonly string[]).includes(event.type) ? [changeOf(event as AssignmentEvent)] : [];
}

function changeOf(event: AssignmentEvent): AssignmentChange {
  const { key: caseId, time } = event;
  const { assignmentId, pool } = event.data;
  const row = { assignmentId, caseId, pool };
  switch (event.type) {
    case "pool.assigned":
      return { ...row, assignedAt: time };
    case "pool.claimed":
      return { ...row, claimedAt: time };
    case "pool.released":
      return { ...row, endedAt: time, outcome: event.data.reason };
    case "pool.lapsed":
      return { ...row, endedAt: time, outcome: "lapsed" };
  }
}
