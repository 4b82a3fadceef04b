import { type CaseStatus, parseDuration, parseInstant, topics } from "@crossline/contracts";
import type { CaseState, OpenHandoff, Waiting } from "./case-state.ts";
import { recordHeartbeat } from "./handlings.ts";
import type { AuditedEvent } from "./audited-event.ts";
import { isEnded, isSolved } from "./case-change.ts";
import { updateHolder } from "./holding.ts";
import type { AuditedLine } from "./audited-line.ts";
import { isAnswer, isInquiry } from "./acting-side.ts";

/** Updates all values in the state of a case after an event, except the clocks. `line` is the line of the case before the event. */
export function updateState(state: CaseState, event: AuditedEvent, line: AuditedLine): void {
  updateStatus(state, event);
  if (state.status !== "resolved" || isAnswer(event)) delete state.asked;
  else if (isInquiry(event)) state.asked = true;
  if (isAnswer(event)) state.answered = true;
  updateNeedBy(state, event);
  switch (event.type) {
    case "handling.started":
    case "handling.continued":
      recordHeartbeat(state, event, line);
      break;
    case "handling.ended":
      state.handlings = state.handlings.filter(({ id }) => id !== event.data.handlingId);
      break;
    case "case.severity-changed":
      state.severity = event.data.to;
      break;
    case "case.moved":
      state.line = event.data.line;
      break;
    case "incident.joined":
      if (state.holder === state.carrier && !isSolved(state.status))
        state.membership = { incidentId: event.data.incidentId, by: event.sequence, holder: event.data.holder };
      break;
    case "incident.left":
      if (state.membership?.incidentId === event.data.incidentId) delete state.membership;
      break;
    case "crossing.requested":
      state.crossed = true;
      break;
    case "case.reopened":
      state.crossed = false;
      break;
    default:
      if (event.topic === topics.handoff) updateHolder(state, event);
  }
}

function updateStatus(state: CaseState, event: AuditedEvent): void {
  const status = statusAfter(event);
  if (status === undefined) return;
  const waiting = waitingAfter(event, status, state.status === "pending" ? state.waiting : undefined);
  state.status = status;
  if (waiting === undefined) delete state.waiting;
  else state.waiting = waiting;
  if (event.type === "case.closed" && event.data.reason === "merged") state.mergedAway = true;
  else delete state.mergedAway;
  if (isEnded(status)) state.handlings = [];
  if (isSolved(status)) delete state.membership;
  // The resolution ends an information request, even if the auditor reads the withdrawal of the hand-off later.
  if (isSolved(status) && state.handoff !== undefined) state.handoff = withoutRequest(state.handoff);
}

function withoutRequest(open: OpenHandoff): OpenHandoff {
  const { request: _, ...rest } = open;
  return rest;
}

function updateNeedBy(state: CaseState, event: AuditedEvent): void {
  switch (event.type) {
    case "case.confirmed":
      state.needByMet = true;
      break;
    case "promise.delivered":
      if (event.data.kept && event.data.for === "need-by") state.needByMet = true;
      break;
    case "case.corrected":
      if (event.data.needBy === undefined) break;
      delete state.needByMet;
      if (event.data.needBy === null) delete state.needBy;
      else state.needBy = parseInstant(event.data.needBy);
      break;
    case "case.merged":
      if (event.data.needBy === undefined) break;
      delete state.needByMet;
      state.needBy = Math.min(state.needBy ?? Infinity, parseInstant(event.data.needBy));
      break;
    default:
  }
}

function statusAfter(event: AuditedEvent): CaseStatus | undefined {
  switch (event.type) {
    case "case.status-changed":
      return event.data.to;
    case "case.recorded":
      return event.data.status;
    case "case.resolved":
      return "resolved";
    case "case.closed":
      return "closed";
    case "case.reopened":
      return "reopened";
    default:
      return undefined;
  }
}

/** Returns the pause of a pending case after this event, or undefined if the case is not pending. */
function waitingAfter(event: AuditedEvent, status: CaseStatus, before: Waiting | undefined): Waiting | undefined {
  if (status !== "pending") return undefined;
  if (event.type !== "case.status-changed") return before ?? { by: event.sequence };
  const { waitingOn, maximum } = event.data;
  return {
    by: before?.by ?? event.sequence,
    ...(waitingOn !== undefined && { on: waitingOn }),
    ...(maximum !== undefined && { maximum: parseDuration(maximum) }),
  };
}
