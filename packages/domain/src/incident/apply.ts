import type { EventData, Instant } from "@crossline/contracts";
import type { CaseDecision, CaseState } from "../case/case.ts";
import { isUnsolved } from "../case/status.ts";
import { canonicalJson } from "../dossier/canonical.ts";
import { incidentScopeOf } from "./consider.ts";
import {
  type FormerMember,
  type IncidentDecision,
  type IncidentEffect,
  type IncidentState,
  countEffect,
  incidentActor,
  withoutMember,
} from "./incident.ts";

/** The report of a case to its incident. Intake stores the report in the transaction that decided about the case. */
export type IncidentReport =
  | { readonly is: "lead-held"; readonly caseId: string; readonly holder: string }
  | {
      readonly is: "lead-solved";
      readonly caseId: string;
      readonly cause: "cured" | "lead-ended";
      readonly fixCode?: string | undefined;
    }
  | {
      readonly is: "member-left";
      readonly caseId: string;
      readonly cause: EventData<"incident.left">["cause"];
      readonly reason?: string | undefined;
    }
  /** The case refused an effect of the incident. */
  | { readonly is: "refused"; readonly caseId: string; readonly change: RefusableChange; readonly reason: string };

type RefusableChange =
  | { readonly type: "lead-incident" | "join-incident" }
  | { readonly type: "write-message"; readonly incidentMessageId: string };

/** The report of a case, and the incident that it is about. */
type ReportToIncident = { readonly incidentId: string; readonly report: IncidentReport };

/** Applies the report of a case. A report that is no longer about the incident changes nothing, so a repetition changes nothing. */
export function applyToIncident(state: IncidentState, report: IncidentReport, at: Instant): IncidentDecision {
  if (report.is === "refused" && report.change.type === "write-message")
    return { state: withRefusedMessage(state, report.change.incidentMessageId), effects: [] };
  if (state.ended !== undefined) return { state, effects: [] };
  const isLead = report.caseId === state.lead.caseId;
  switch (report.is) {
    case "lead-held":
      return isLead ? holdIncident(state, report.holder) : { state, effects: [] };
    case "lead-solved":
      return isLead ? endByLead(state, report, at) : { state, effects: [] };
    case "member-left": {
      const { caseId, cause, reason } = report;
      return removeMember(state, { caseId, at, cause, reason });
    }
    case "refused": {
      // The lead was resolved, ended or joined another incident before the effect reached it.
      if (isLead) return endByLead(state, { cause: "lead-ended" }, at);
      const { caseId, reason } = report;
      return removeMember(state, { caseId, at, cause: "refused", reason });
    }
  }
}

function removeMember(state: IncidentState, former: FormerMember): IncidentDecision {
  if (!state.members.some(({ caseId }) => caseId === former.caseId)) return { state, effects: [] };
  const removed = withoutMember(state, former);
  return { state: removed, effects: [countEffect(removed)] };
}

function withRefusedMessage(state: IncidentState, messageId: string): IncidentState {
  const messages = state.messages.map((one) => (one.id === messageId ? { ...one, refused: one.refused + 1 } : one));
  return { ...state, messages };
}

function holdIncident(state: IncidentState, holder: string): IncidentDecision {
  if (holder === state.holder) return { state, effects: [] };
  const actor = incidentActor(state);
  const change = { type: "hold-incident", incidentId: state.id, holder } as const;
  const effects = state.members.map(({ caseId }): IncidentEffect => ({ caseId, actor, change }));
  return { state: { ...state, holder }, effects };
}

/** Ends the incident. After a fix, each member is resolved by an event of its own. After another end, each member leaves. */
function endByLead(
  state: IncidentState,
  { cause, fixCode }: { readonly cause: "cured" | "lead-ended"; readonly fixCode?: string | undefined },
  at: Instant,
): IncidentDecision {
  const { id: incidentId, lead, members } = state;
  const actor = incidentActor(state);
  const change =
    cause === "cured"
      ? ({ type: "resolve-by-incident", incidentId, leadCaseId: lead.caseId, fixCode } as const)
      : ({ type: "leave-incident", incidentId, cause } as const);
  return {
    state: { ...state, ended: { at, cause, ...(fixCode !== undefined && { fixCode }) } },
    effects: members.map(({ caseId }) => ({ caseId, actor, change })),
  };
}

/** Returns the reports that follow from a decision about a case in an incident. `before` is the case before the decision. */
export function reportsToIncident(
  before: CaseState,
  { state: after, messages }: CaseDecision,
): readonly ReportToIncident[] {
  const reports: ReportToIncident[] = [];
  const { id: caseId, holder } = after;
  for (const message of messages) {
    if (message.type === "incident.left") {
      const { incidentId, cause, reason, actor } = message.data;
      const isOwn = cause === "maximum" || cause === "ended" || (cause === "removed" && actor.automated);
      if (isOwn) reports.push({ incidentId, report: { is: "member-left", caseId, cause, reason } });
    }
    if (message.type === "incident.ended" && message.data.cause !== "by-carrier") {
      const { incidentId, cause } = message.data;
      reports.push({ incidentId, report: { is: "lead-solved", caseId, cause, fixCode: after.fixCode } });
    }
  }
  // The holder of the lead can change between the decision to open an incident and its effect on the lead.
  const isNewLead = after.incident?.role === "lead" && before.incident === undefined;
  if (after.incident?.role === "lead" && (isNewLead || holder !== before.holder))
    reports.push({ incidentId: after.incident.id, report: { is: "lead-held", caseId, holder } });
  return reports;
}

/**
 * Returns true if intake must consider the case for an incident. A case under a line with incidents is considered at its opening, and
 * after a change of its symptom, its device or its line.
 */
export function needsConsideration(before: CaseState | undefined, after: CaseState): boolean {
  const { incidentRule: rule } = after;
  if (rule === undefined || after.incident !== undefined || !isUnsolved(after.status)) return false;
  const scope = incidentScopeOf(after);
  if (scope === undefined) return false;
  if (before === undefined) return true;
  const isOther = (one: unknown, other: unknown) => canonicalJson(one ?? null) !== canonicalJson(other ?? null);
  return isOther(before.incidentRule, rule) || isOther(incidentScopeOf(before), scope);
}
