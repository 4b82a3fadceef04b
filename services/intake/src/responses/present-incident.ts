import { type IncidentSummary, type PresentedIncident, formatInstant } from "@crossline/contracts";
import { type IncidentMessage, type IncidentState, sizeOf } from "@crossline/domain";
import type { CaseLabel } from "../store/case-labels.ts";

/** Returns an incident as a list shows it to its carrier. */
export function presentSummary(state: IncidentState): IncidentSummary {
  const { id, timeline, scope, openedAt, actor, reason, lead, holder, ended } = state;
  const { cases, firstOpenedAt, lastOpenedAt } = sizeOf(state);
  return {
    id,
    timeline,
    state: ended === undefined ? "open" : "ended",
    scope,
    openedAt: formatInstant(openedAt),
    openedBy: actor,
    reason,
    leadCaseId: lead.caseId,
    holder,
    cases,
    firstOpenedAt,
    lastOpenedAt,
    ended: ended && { ...ended, at: formatInstant(ended.at) },
  };
}

/** Returns an incident with its cases and messages. */
export function presentIncident(state: IncidentState): PresentedIncident {
  return {
    ...presentSummary(state),
    members: state.members.map(({ caseId, openedAt, joinedAt }) => ({
      caseId,
      openedAt: formatInstant(openedAt),
      joinedAt: formatInstant(joinedAt),
    })),
    former: state.former.map(({ at, ...former }) => ({ ...former, at: formatInstant(at) })),
    messages: state.messages.map(presentMessage),
  };
}

function presentMessage({ at, marks, ...message }: IncidentMessage): PresentedIncident["messages"][number] {
  return { ...message, at: formatInstant(at), marks: [...marks] };
}

/** Returns an incident of a list with the words by which people know its lead case. */
export function labelSummary(summary: IncidentSummary, labels: ReadonlyMap<string, CaseLabel>): IncidentSummary {
  return { ...summary, lead: labels.get(summary.leadCaseId) };
}

/** Returns an incident with the words by which people know its cases. */
export function labelIncident(incident: PresentedIncident, labels: ReadonlyMap<string, CaseLabel>): PresentedIncident {
  return {
    ...incident,
    lead: labels.get(incident.leadCaseId),
    members: incident.members.map((member) => ({ ...member, ...labels.get(member.caseId) })),
    former: incident.former.map((member) => ({ ...member, ...labels.get(member.caseId) })),
  };
}
