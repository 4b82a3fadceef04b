import { type Refusal, refusal, timelineKind } from "@crossline/contracts";
import { isReadByVendors, readingOf } from "../reading/case-reading.ts";
import type { CaseState } from "./case.ts";
import { isCrossing } from "./crossing.ts";
import { isUnsolved } from "./status.ts";

/** Returns why a case can neither lead an incident nor be a member; undefined if it can lead one. */
export function refuseIncident(state: CaseState): Refusal | undefined {
  const { status, incident, joint, canary, inquiry, timeline } = state;
  if (!isUnsolved(status)) return because(state, "It is resolved or has ended.");
  if (incident !== undefined) return because(state, `It is in incident ${incident.id}.`);
  if (joint !== undefined) return because(state, "It is joint.");
  if (canary !== undefined) return because(state, "A canary opened it, so no person waits for it.");
  if (inquiry !== undefined) return because(state, "It is an inquiry.");
  if (timelineKind(timeline) === "import") return because(state, "It is imported.");
  return undefined;
}

/**
 * Returns why a case cannot join an incident; undefined if it can. No vendor may read a member, because a member's events name the
 * lead case.
 */
export function refuseJoining(state: CaseState): Refusal | undefined {
  const refused = refuseIncident(state);
  if (refused !== undefined) return refused;
  if (state.holder !== state.carrier || isCrossing(state)) return because(state, "It has crossed, or is crossing.");
  return isReadByVendors(readingOf(state))
    ? because(state, "A vendor reads it, because its last fix is not confirmed.")
    : undefined;
}

function because({ id: caseId, status, incident }: CaseState, reason: string): Refusal {
  const facts = { caseId, status, ...(incident !== undefined && { incidentId: incident.id }) };
  return refusal("illegal_transition", `The case ${caseId} cannot be in the incident. ${reason}`, { facts });
}
