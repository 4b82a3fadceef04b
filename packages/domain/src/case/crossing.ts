import type { Actor, Instant } from "@crossline/contracts";
import { refuse } from "../decision.ts";
import { appendCaseEvent } from "./append-event.ts";
import type { CaseOutcome, CaseState } from "./case.ts";
import { countsFor } from "./chains.ts";
import { recordOwnWords } from "./record-words.ts";
import { isUnsolved } from "./status.ts";
import { refuseTransition } from "./transition.ts";

/** The command to request a crossing. `observing` is true if the case has an observing line. */
export type CrossCommand = {
  readonly type: "cross";
  readonly asOf: number;
  readonly reason?: string | undefined;
  readonly observing: boolean;
};

/** Decides a request for a crossing as of the version that the requester read. */
export function requestCrossing(
  state: CaseState,
  { asOf, reason, observing }: CrossCommand,
  actor: Actor,
  at: Instant,
): CaseOutcome {
  if (state.canary !== undefined)
    return refuseTransition(state, "cross", "A canary opened it, so no person waits for it.");
  if (observing) return refuseTransition(state, "cross", "Its line is an observing line, whose cases do not cross.");
  if (!isUnsolved(state.status)) return refuseTransition(state, "cross", "It is resolved or has ended.");
  const { incident } = state;
  if (incident?.role === "member") {
    const { id: incidentId, leadCaseId } = incident;
    const detail = `It is a member of incident ${incidentId}, whose lead case is ${leadCaseId}: leave the incident first.`;
    return refuseTransition(state, "cross", detail, { incidentId, leadCaseId });
  }
  const { version, crossingVersion } = countsFor(state, actor.party);
  if (asOf > version) return refuse("invalid_request", `asOf is newer than the case, which is at version ${version}.`);
  // A repeated request changes nothing, because the crossing is already requested or offered.
  if (isCrossing(state)) return { state, messages: [] };
  if (asOf < crossingVersion) {
    const detail = "This case has changed since you read it; read it again before you decide.";
    return refuse("stale_version", detail, { facts: { version, changedAtVersion: crossingVersion } });
  }
  const appended = appendCaseEvent({ state, messages: [] }, at, {
    type: "crossing.requested",
    data: { actor, asOf, reason },
  });
  const requested = { ...appended.state, crossingRequested: true, crossingVersion: appended.state.version };
  return recordOwnWords({ ...appended, state: requested }, "crossing.requested", at);
}

/** Returns true if the crossing of the case is requested, or the case is offered or held by a vendor. */
export function isCrossing(state: Pick<CaseState, "handoff" | "crossingRequested" | "lastResortCalls">): boolean {
  return state.handoff !== undefined || state.crossingRequested || state.lastResortCalls > 0;
}
