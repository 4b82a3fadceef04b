import type { CaseInput, CasePool, CaseState } from "./case.ts";

type PoolEvent = Extract<CaseInput, { type: `pool.${string}` }>;

/** Returns true for an event of a pool. */
export function isOfPool(event: CaseInput): event is PoolEvent {
  return event.type.startsWith("pool.");
}

/**
 * Applies an event of a pool. A pool is inside the carrier, so the event changes neither the holder nor the status. A person may
 * request a crossing without reading the change, so that an assignment delays no crossing.
 */
export function applyPool(state: CaseState, event: PoolEvent): CaseState {
  if (event.type === "pool.skipped") return state;
  const version = state.version + 1;
  if (event.type === "pool.assigned") {
    const { assignmentId, pool, missing } = event.data;
    const assigned: CasePool = {
      assignmentId,
      pool,
      assignedAt: event.time,
      ...(missing !== undefined && { missing }),
    };
    return { ...state, version, crossingRequested: false, lastResortCalls: 0, pool: assigned };
  }
  const { pool: open, ...rest } = state;
  if (open?.assignmentId !== event.data.assignmentId) return state;
  if (event.type !== "pool.claimed") return { ...rest, version };
  return { ...state, version, pool: { ...open, claimedBy: event.data.actor.person } };
}
