import { type Actor, type EventData, type Instant, derivedId } from "@crossline/contracts";
import { acceptByOf } from "../handoff/accept-by.ts";
import { appendHandoffEvent, automation } from "../handoff/append-event.ts";
import type { CaseCrossing, CrossingDecision } from "../handoff/case-crossing.ts";
import type { CrossingDeps } from "../handoff/deps.ts";
import type { CrossingReason } from "../handoff/offer.ts";
import { waitFor, withAssignment, withoutWait } from "../handoff/waits.ts";
import type { Assignment, OpenAssignment } from "./assignment.ts";
import { membersOf } from "./certified.ts";

/** A line step that assigns the case to a pool, with its index, attempt, time and reason. */
export type PoolStep = Pick<Assignment, "pool" | "mode" | "step" | "attempt"> & {
  readonly acceptWithin: string | undefined;
  readonly reason: CrossingReason;
};

/** The decision about a pool step; `reached` is true if a certified person was on duty. */
type AssignOutcome = { readonly decision: CrossingDecision; readonly reached: boolean };

/**
 * Assigns the case to a pool. If no certified person is on duty, the event `pool.skipped` gives the reason, and the caller takes
 * the next line step at once.
 */
export function assignStep(
  decision: CrossingDecision,
  deps: CrossingDeps,
  at: Instant,
  given: PoolStep & { readonly repeat: number },
): AssignOutcome {
  const { repeat, ...poolStep } = given;
  const { pool, step, attempt, reason } = poolStep;
  const { certified, onDuty } = membersOf(decision.state, deps, pool, at);
  const beyond = { step: step + 1, attempt: 0 };
  if (certified.length === 0) {
    const data = { pool, actor: automation(decision.state.carrier), step, attempt, onDuty, ...reason };
    const { state, messages } = appendHandoffEvent(decision, at, { type: "pool.skipped", data });
    return { decision: { state: { ...state, next: beyond }, messages }, reached: false };
  }
  const next = attempt + 1 < repeat ? { step, attempt: attempt + 1 } : beyond;
  const { state, messages } = decision;
  return { decision: assign({ state: { ...state, next }, messages }, deps, at, poolStep), reached: true };
}

/** Assigns the case to a pool whose members the caller has checked. The assignment gets a new id. */
export function assign(
  { state, messages }: CrossingDecision,
  { line }: CrossingDeps,
  at: Instant,
  { pool, mode, step, attempt, acceptWithin, reason }: PoolStep,
): CrossingDecision {
  const { firingId, missing } = reason;
  const within = acceptWithin === undefined ? {} : { acceptWithin };
  const acceptBy = acceptByOf({ offeredAt: at, ...within }, line, state.material.severity, at);
  const assignment: OpenAssignment = {
    id: derivedId("pa", state.caseId, state.sequence + 1),
    pool,
    mode,
    step,
    attempt,
    assignedAt: at,
    ...within,
    ...(acceptBy !== undefined && { acceptBy }),
    ...(firingId !== undefined && { firingId }),
    ...(missing !== undefined && { missing }),
    phase: "assigned",
  };
  const data = { ...aboutAssignment(state, assignment), step, attempt, mode, ...within, ...reason };
  return appendHandoffEvent({ state: withAssignment(state, assignment), messages }, at, {
    type: "pool.assigned",
    data,
  });
}

/** Ends an assignment that no person claimed in time. The caller takes the next line step. */
export function lapseAssignment(decision: CrossingDecision, open: Assignment, at: Instant): CrossingDecision {
  const data = aboutAssignment(decision.state, open);
  return ended(appendHandoffEvent(decision, at, { type: "pool.lapsed", data }));
}

/** Ends the open assignment of a case, if it has one, because a person released it or because its reason is gone. */
export function releaseAssignment(
  decision: CrossingDecision,
  at: Instant,
  reason: EventData<"pool.released">["reason"],
  actor: Actor = automation(decision.state.carrier),
): CrossingDecision {
  const open = waitFor(decision.state, "pool")?.assignment;
  if (open === undefined) return decision;
  const data = { ...aboutAssignment(decision.state, open), actor, reason };
  return ended(appendHandoffEvent(decision, at, { type: "pool.released", data }));
}

/**
 * Ends the open assignment because another cause takes the next line step. Further attempts at the pool would delay that step,
 * so they are left out.
 */
export function escalateAssignment(decision: CrossingDecision, open: Assignment, at: Instant): CrossingDecision {
  const over =
    open.phase === "assigned" ? lapseAssignment(decision, open, at) : releaseAssignment(decision, at, "escalated");
  return { state: beyondPool(over.state, open), messages: over.messages };
}

/** Returns the state whose next line step is after the step of the assignment. */
export function beyondPool(state: CaseCrossing, { step }: Assignment): CaseCrossing {
  return state.next.step > step ? state : { ...state, next: { step: step + 1, attempt: 0 } };
}

/** Returns the fields of every event about an assignment, with routing as the actor. */
export function aboutAssignment(
  { carrier }: CaseCrossing,
  { id: assignmentId, pool }: Assignment,
): Pick<EventData<"pool.lapsed">, "assignmentId" | "pool" | "actor"> {
  return { assignmentId, pool, actor: automation(carrier) };
}

function ended({ state, messages }: CrossingDecision): CrossingDecision {
  return { state: withoutWait(state), messages };
}
