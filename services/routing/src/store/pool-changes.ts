import {
  type EventData,
  type EventOf,
  type HandoffEvent,
  type Instant,
  type QueueEvent,
  parseInstant,
} from "@crossline/contracts";
import { type Assignment, type CaseCrossing, waitFor } from "@crossline/domain";

/** A change of an assignment's row. If `leaseUntil` is missing, the change ends the lease. Other missing fields do not change. */
export type AssignmentChange = {
  readonly assignmentId: string;
  readonly phase: "assigned" | "claimed" | "released" | "lapsed";
  readonly acceptBy?: Instant;
  readonly claimedAt?: Instant;
  readonly claimedBy?: string;
  readonly leaseUntil?: Instant;
  readonly endedAt?: Instant;
  readonly endedReason?: string;
};

/** A new assignment, with its changes since the assignment. */
export type NewAssignment = AssignmentChange & {
  readonly caseId: string;
  readonly timeline: string;
  readonly assignedAt: Instant;
  readonly assigned: EventData<"pool.assigned">;
};

/** A case that left because a person lacked a skill. */
export type MissingSkillRow = {
  readonly party: string;
  readonly person: string;
  readonly level: number;
  readonly at: Instant;
  readonly caseId: string;
  readonly sequence: number;
  readonly timeline: string;
  readonly to: string;
};

/** Returns the new and changed rows of assignments after consecutive decisions on one case. */
export function assignmentChanges(
  before: CaseCrossing | undefined,
  after: CaseCrossing,
  messages: readonly (HandoffEvent | QueueEvent)[],
): readonly (AssignmentChange | NewAssignment)[] {
  const was = waitFor(before, "pool")?.assignment;
  const is = waitFor(after, "pool")?.assignment;
  if (was === undefined && is === undefined && !messages.some(({ type }) => type === "pool.assigned")) return [];
  const changes = new Map<string, AssignmentChange | NewAssignment>();
  for (const message of messages) {
    const change = changeBy(message);
    if (change !== undefined) changes.set(change.assignmentId, { ...changes.get(change.assignmentId), ...change });
  }
  // A renewal and a new deadline publish no event of the pool.
  if (is !== undefined && is !== was) {
    const open = openChange(is);
    changes.set(open.assignmentId, { ...changes.get(open.assignmentId), ...open });
  }
  return [...changes.values()];
}

function openChange(open: Assignment): AssignmentChange {
  if (open.phase === "assigned") {
    const { id: assignmentId, phase, acceptBy } = open;
    return { assignmentId, phase, ...(acceptBy !== undefined && { acceptBy }) };
  }
  const { id: assignmentId, phase, claimedAt, claimedBy, leaseUntil } = open;
  return { assignmentId, phase, claimedAt, claimedBy, leaseUntil };
}

function changeBy(message: HandoffEvent | QueueEvent): AssignmentChange | NewAssignment | undefined {
  const { type, key: caseId, time, timeline, data } = message;
  switch (type) {
    case "pool.assigned": {
      const { assignmentId } = data;
      return { assignmentId, phase: "assigned", caseId, timeline, assignedAt: time, assigned: data };
    }
    case "pool.released":
      return { assignmentId: data.assignmentId, phase: "released", endedAt: time, endedReason: data.reason };
    case "pool.lapsed":
      return { assignmentId: data.assignmentId, phase: "lapsed", endedAt: time };
    case "pool.claimed": {
      const { assignmentId, leaseUntil, actor } = data;
      const claimedBy = actor.person ?? "";
      return { assignmentId, phase: "claimed", claimedAt: time, claimedBy, leaseUntil: parseInstant(leaseUntil) };
    }
    default: // No other event changes an assignment.
      return undefined;
  }
}

/** Returns the cases that the trigger `skill.missing` sent to a pool or a queue. */
export function missingSkillRows(
  { carrier: party }: CaseCrossing,
  messages: readonly (HandoffEvent | QueueEvent)[],
): readonly MissingSkillRow[] {
  return messages.flatMap((message) => {
    if (message.type !== "pool.assigned" && message.type !== "handoff.offered") return [];
    const { missing, reason } = message.data;
    if (missing === undefined || reason !== "trigger") return [];
    const { time: at, key: caseId, sequence, timeline } = message;
    return [{ party, ...missing, at, caseId, sequence, timeline, to: targetOf(message) }];
  });
}

function targetOf({ type, data }: EventOf<"pool.assigned" | "handoff.offered">): string {
  return type === "pool.assigned" ? `pool:${data.pool}` : `queue:${data.queue}`;
}
