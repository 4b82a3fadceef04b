import { type Actor, type Instant, type Refusal, newId, refusal } from "@crossline/contracts";
import {
  type CaseState,
  type IncidentState,
  incidentScopeKey,
  incidentScopeOf,
  noSuchCase,
  openIncident as decideOpening,
  refuseIncident,
  refuseJoining,
  tasksOfIncident,
} from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { isRefusal } from "@crossline/service";
import { findCandidate } from "../store/incident-candidates.ts";
import { insertIncident, lockOpenIncident } from "../store/incidents.ts";
import { insertTasks } from "../store/tasks.ts";

type OpeningByHand = { readonly leadCaseId: string; readonly members: readonly string[]; readonly reason: string };

/**
 * Opens an incident by hand, and stores the tasks that add its cases. A case that cannot be in the incident refuses the request. A case
 * that changes at this moment can still refuse its task.
 */
export async function openIncidentByHand(
  tx: Tx,
  { leadCaseId, members, reason }: OpeningByHand,
  actor: Actor,
  at: Instant,
): Promise<IncidentState | Refusal> {
  const lead = await findOwnCase(tx, leadCaseId, actor);
  const refused = isRefusal(lead) ? lead : refuseIncident(lead);
  if (isRefusal(lead) || refused !== undefined) return refused ?? noSuchCase;
  const joining: CaseState[] = [];
  for (const id of new Set(members)) {
    const member = id === leadCaseId ? undefined : await findJoining(tx, id, lead, actor);
    if (isRefusal(member)) return member;
    if (member !== undefined) joining.push(member);
  }
  const { timeline, carrier, holder } = lead;
  const scope = incidentScopeOf(lead);
  const decision = decideOpening(
    {
      id: newId("ic"),
      timeline,
      carrier,
      scope,
      actor,
      reason,
      holder,
      lead: toMember(lead),
      members: joining.map(toMember),
    },
    at,
  );
  if (!(await insertIncident(tx, decision.state))) {
    const open = scope && (await lockOpenIncident(tx, { timeline, carrier, scopeKey: incidentScopeKey(scope) }));
    const detail = "An incident of alike cases is open: add the cases to it.";
    return refusal("already_exists", detail, { facts: { incidentId: open?.id } });
  }
  await insertTasks(tx, tasksOfIncident(decision));
  return decision.state;
}

/** Returns a case that a carrier wants to add to an incident, or why the case cannot join. */
export async function findJoining(
  tx: Tx,
  id: string,
  { timeline }: Pick<IncidentState, "timeline">,
  actor: Actor,
): Promise<CaseState | Refusal> {
  const state = await findOwnCase(tx, id, actor);
  if (isRefusal(state)) return state;
  if (state.timeline === timeline) return refuseJoining(state) ?? state;
  return refusal("illegal_transition", "An incident joins cases of one timeline.", { facts: { caseId: id } });
}

async function findOwnCase(tx: Tx, id: string, { party }: Actor): Promise<CaseState | Refusal> {
  const state = await findCandidate(tx, id);
  return state?.carrier === party ? state : { ...noSuchCase, facts: { caseId: id } };
}

function toMember({ id: caseId, openedAt }: CaseState) {
  return { caseId, openedAt };
}
