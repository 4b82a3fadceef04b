import type { Actor, EventData, Instant } from "@crossline/contracts";
import { isRefused } from "../decision.ts";
import { appendCaseEvent } from "./append-event.ts";
import { type CaseDecision, type CaseOutcome, type CaseState, type IncidentSize, intakeActor } from "./case.ts";
import { countMembership, countsFor } from "./chains.ts";
import { requestCrossing } from "./crossing.ts";
import { refuseIncident, refuseJoining } from "./incident-refusals.ts";
import { isUnsolved } from "./status.ts";
import { withStatus } from "./transition.ts";

type LeaveCause = EventData<"incident.left">["cause"];
type EndCause = EventData<"incident.ended">["cause"];

/** The commands of an incident on its cases. Only intake's tasks send them. */
export type IncidentCommand =
  /** `observing` is true if the case has an observing line. */
  | {
      readonly type: "lead-incident";
      readonly incidentId: string;
      readonly size: IncidentSize;
      readonly reason: string;
      readonly observing: boolean;
    }
  | { readonly type: "count-incident"; readonly incidentId: string; readonly size: IncidentSize }
  | {
      readonly type: "join-incident";
      readonly incidentId: string;
      readonly leadCaseId: string;
      readonly holder: string;
      readonly reason: string;
    }
  | { readonly type: "hold-incident"; readonly incidentId: string; readonly holder: string }
  | {
      readonly type: "leave-incident";
      readonly incidentId: string;
      readonly cause: LeaveCause;
      readonly reason?: string | undefined;
    }
  | {
      readonly type: "resolve-by-incident";
      readonly incidentId: string;
      readonly leadCaseId: string;
      readonly fixCode?: string | undefined;
    }
  | {
      readonly type: "end-incident";
      readonly incidentId: string;
      readonly cause: EndCause;
      readonly reason?: string | undefined;
    };

const commandTypes: ReadonlySet<string> = new Set<IncidentCommand["type"]>([
  "lead-incident",
  "count-incident",
  "join-incident",
  "hold-incident",
  "leave-incident",
  "resolve-by-incident",
  "end-incident",
]);

/** Returns true for a command of an incident. */
export function isIncidentCommand<C extends { readonly type: string }>(
  command: C,
): command is Extract<C, { type: IncidentCommand["type"] }> {
  return commandTypes.has(command.type);
}

/**
 * Decides a command of an incident on one of its cases. If the command had already taken effect, or the case has left the incident
 * in the meantime, the decision has no messages.
 */
export function commandIncident(state: CaseState, command: IncidentCommand, actor: Actor, at: Instant): CaseOutcome {
  const { incidentId } = command;
  const unchanged: CaseDecision = { state, messages: [] };
  const isIn = state.incident?.id === incidentId;
  switch (command.type) {
    case "lead-incident":
      return isIn ? unchanged : leadIncident(state, command, actor, at);
    case "join-incident":
      return isIn ? unchanged : joinIncident(state, command, actor, at);
    case "count-incident":
      return isIn ? countIncident(unchanged, command, actor, at) : unchanged;
    case "hold-incident": {
      const { incident } = state;
      if (!isIn || incident?.role !== "member" || incident.holder === command.holder) return unchanged;
      const { holder } = command;
      const appended = appendCaseEvent(unchanged, at, { type: "incident.held", data: { actor, incidentId, holder } });
      return { ...appended, state: { ...countMembership(appended.state, at), incident: { ...incident, holder } } };
    }
    case "leave-incident": {
      const { cause, reason } = command;
      return isIn ? leaveIncident(unchanged, { actor, cause, reason }, at) : unchanged;
    }
    case "resolve-by-incident":
      return isIn ? resolveByIncident(unchanged, command, actor, at) : unchanged;
    case "end-incident": {
      const { cause, reason } = command;
      return isIn ? endIncident(unchanged, { actor, cause, reason }, at) : unchanged;
    }
  }
}

/** Makes the case the lead of an incident, and requests its crossing unless the case is crossing already. */
function leadIncident(
  state: CaseState,
  { incidentId, size, reason, observing }: Extract<IncidentCommand, { type: "lead-incident" }>,
  actor: Actor,
  at: Instant,
): CaseOutcome {
  const refused = refuseIncident(state);
  if (refused !== undefined) return { refused };
  const data = { actor, incidentId, ...size, reason };
  const opened = appendCaseEvent({ state, messages: [] }, at, { type: "incident.opened", data });
  const lead: CaseState = { ...opened.state, incident: { id: incidentId, role: "lead", since: at, size } };
  if (observing) return { ...opened, state: lead };
  const self = intakeActor(lead);
  const { version: asOf } = countsFor(lead, self.party);
  const why = `The case leads incident ${incidentId} of ${size.cases} alike cases.`;
  const crossed = requestCrossing(lead, { type: "cross", asOf, reason: why, observing }, self, at);
  if (isRefused(crossed)) return { ...opened, state: lead };
  return { state: crossed.state, messages: [...opened.messages, ...crossed.messages] };
}

/** Records how many cases the incident of a lead has now. */
function countIncident(
  decision: CaseDecision,
  { size }: Extract<IncidentCommand, { type: "count-incident" }>,
  actor: Actor,
  at: Instant,
): CaseDecision {
  const { incident } = decision.state;
  if (incident?.role !== "lead") return decision;
  const { cases, firstOpenedAt, lastOpenedAt } = incident.size;
  if (size.cases === cases && size.firstOpenedAt === firstOpenedAt && size.lastOpenedAt === lastOpenedAt)
    return decision;
  const data = { actor, incidentId: incident.id, ...size };
  const counted = appendCaseEvent(decision, at, { type: "incident.counted", data });
  return { ...counted, state: { ...counted.state, incident: { ...incident, size } } };
}

function joinIncident(
  state: CaseState,
  { incidentId, leadCaseId, holder, reason }: Extract<IncidentCommand, { type: "join-incident" }>,
  actor: Actor,
  at: Instant,
): CaseOutcome {
  const refused = refuseJoining(state);
  if (refused !== undefined) return { refused };
  const data = { actor, incidentId, leadCaseId, holder, reason };
  const { state: joined, messages } = appendCaseEvent({ state, messages: [] }, at, { type: "incident.joined", data });
  const starts = [joined.sequence];
  const incident = { id: incidentId, role: "member", since: at, leadCaseId, holder, starts } as const;
  return { state: { ...countMembership(joined, at), incident }, messages };
}

/** Returns the case after a move to another line, which starts the maximum of the incident again. A pause has its own maximum. */
export function moveMember(state: CaseState): CaseState {
  const { incident, status, sequence } = state;
  if (incident?.role !== "member" || status === "pending") return state;
  return { ...state, incident: { ...incident, starts: [...incident.starts, sequence] } };
}

/** Appends the member's `incident.left`. A lead does not leave. */
export function leaveIncident(
  decision: CaseDecision,
  { actor, cause, reason }: Pick<EventData<"incident.left">, "actor" | "cause" | "reason">,
  at: Instant,
): CaseDecision {
  const { incident } = decision.state;
  if (incident?.role !== "member") return decision;
  const data = { actor, incidentId: incident.id, cause, reason };
  const left = withoutIncident(appendCaseEvent(decision, at, { type: "incident.left", data }));
  return { ...left, state: countMembership(left.state, at) };
}

function endIncident(
  decision: CaseDecision,
  { actor, cause, reason }: Pick<EventData<"incident.ended">, "actor" | "cause" | "reason">,
  at: Instant,
): CaseDecision {
  const { incident } = decision.state;
  if (incident?.role !== "lead") return decision;
  const data = { actor, incidentId: incident.id, cause, reason };
  return withoutIncident(appendCaseEvent(decision, at, { type: "incident.ended", data }));
}

function withoutIncident({ state, messages }: CaseDecision): CaseDecision {
  const { incident: _, ...rest } = state;
  return { state: rest, messages };
}

/**
 * Resolves a member with the fix of the lead case, by an event of its own, so that the member's customer confirms the fix. A case
 * whose customer wants to cancel it only leaves.
 */
function resolveByIncident(
  decision: CaseDecision,
  { leadCaseId, fixCode }: Extract<IncidentCommand, { type: "resolve-by-incident" }>,
  actor: Actor,
  at: Instant,
): CaseDecision {
  const left = leaveIncident(decision, { actor, cause: "cured" }, at);
  const { status: from } = left.state;
  if (left === decision || !isUnsolved(from) || from === "assessingCancellation") return left;
  const data = { actor, from, fixCode, note: `The fix of the lead case ${leadCaseId} of its incident.` };
  const resolved = withStatus("resolved", appendCaseEvent(left, at, { type: "case.resolved", data }), at);
  return { ...resolved, state: { ...resolved.state, fixCode } };
}

/**
 * Ends the part of a case that is resolved or has ended: a member leaves its incident, and the incident of a lead ends. Call this
 * function with each decision about a case.
 */
export function settleIncident(decision: CaseDecision, at: Instant): CaseDecision {
  const { incident, status } = decision.state;
  if (incident === undefined || isUnsolved(status)) return decision;
  const wasCured = status === "resolved" || decision.messages.some(({ type }) => type === "case.resolved");
  return quitIncident(decision, wasCured ? "cured" : "lead-ended", at);
}

/** Ends the part of a case in its incident. `cause` is the cause with which the incident of a lead ends. */
export function quitIncident(decision: CaseDecision, cause: EndCause, at: Instant): CaseDecision {
  const actor = intakeActor(decision.state);
  return endIncident(leaveIncident(decision, { actor, cause: "ended" }, at), { actor, cause }, at);
}
