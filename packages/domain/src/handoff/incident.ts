import type { EventOf, Instant } from "@crossline/contracts";
import { isUnsolved } from "../case/status.ts";
import { releaseAssignment } from "../pool/assign.ts";
import type { CaseCrossing, CrossingDecision } from "./case-crossing.ts";
import { withdrawHandoff } from "./offer.ts";
import { openHandoffOf, waitFor, withoutWait } from "./waits.ts";

/**
 * Makes the case a member of an incident. A member waits for the lead case and takes no line step. An offer that no vendor has
 * accepted, an unclaimed assignment and a page of a line step end. After the case has left the incident, it takes the same line step
 * again. Calls of the last resort continue, because intake shows them until a person takes the case. A case that a vendor holds becomes
 * no member.
 */
export function joinIncident(
  { state, messages }: CrossingDecision,
  { data: { incidentId } }: EventOf<"incident.joined">,
  at: Instant,
): CrossingDecision {
  const open = openHandoffOf(state);
  if (!isUnsolved(state.status) || state.holder !== state.carrier || open?.phase === "accepted")
    return { state, messages };
  const member = { state: { ...state, member: incidentId }, messages };
  const assignment = waitFor(state, "pool")?.assignment;
  if (open !== undefined) return again(withdrawHandoff(member, at, "incident"), open);
  if (assignment?.phase === "assigned") return again(releaseAssignment(member, at, "incident"), assignment);
  return state.waits.for === "page" ? again({ ...member, state: withoutWait(member.state) }, state.waits) : member;
}

/** Returns the state after the case has left this incident. Its next breach, trigger or request takes the next line step. */
export function leaveIncident(state: CaseCrossing, incidentId: string): CaseCrossing {
  return state.member === incidentId ? withoutMember(state) : state;
}

/** Returns the state of a case that is no member of an incident. */
export function withoutMember(state: CaseCrossing): CaseCrossing {
  const { member: _, ...rest } = state;
  return rest;
}

function again(
  { state, messages }: CrossingDecision,
  { step, attempt }: { readonly step: number; readonly attempt: number },
): CrossingDecision {
  return { state: { ...state, next: { step, attempt } }, messages };
}
