import type { Actor, Instant, Severity } from "@crossline/contracts";
import { actionOf } from "../reading/actions.ts";
import { rolesOf } from "../reading/refuse-command.ts";
import { rightTo } from "../reading/refuse-action.ts";
import { refuseTransition } from "./transition.ts";
import { appendCaseEvent } from "./append-event.ts";
import type { CaseDecision, CaseOutcome, CaseState } from "./case.ts";
import { isUnsolved } from "./status.ts";
import { recordDecision } from "./record-decision.ts";

/**
 * The command to change the severity, or to decline the vendor's severity proposal. `entryId` is the caller's id for the
 * dossier entry.
 */
export type SeverityCommand =
  | {
      readonly type: "change-severity";
      readonly to: Severity;
      readonly reason?: string | undefined;
      readonly entryId?: string | undefined;
    }
  | { readonly type: "decline-severity"; readonly reason: string; readonly entryId?: string | undefined };

/**
 * Decides a severity command. The carrier and the holder can raise the severity, but only the carrier can lower it. If a vendor
 * sends a lower severity, the command is a proposal and changes no clock. The carrier sets the proposed severity to accept the
 * proposal, or declines the proposal.
 */
export function commandSeverity(state: CaseState, command: SeverityCommand, actor: Actor, at: Instant): CaseOutcome {
  if (!isUnsolved(state.status))
    return refuseTransition(state, "change the severity of", "It is resolved or has ended.");
  if (command.type === "decline-severity") return declineSeverity(state, command, actor, at);
  const { to, reason } = command;
  if (to === state.severity) return refuseTransition(state, "change", `Its severity is already ${to}.`);
  const act = actionOf(command, actor.party, state);
  if (rightTo(rolesOf(state, actor.party), act) === "proposes") return proposeSeverity(state, command, actor, at);
  const data = { actor, from: state.severity, to, reason };
  const appended = appendCaseEvent({ state, messages: [] }, at, { type: "case.severity-changed", data });
  const withoutOpenProposal = withoutProposal(appended.state);
  return { ...appended, state: { ...withoutOpenProposal, severity: to, crossingVersion: withoutOpenProposal.version } };
}

function proposeSeverity(
  state: CaseState,
  { to, reason, entryId }: Extract<SeverityCommand, { type: "change-severity" }>,
  actor: Actor,
  at: Instant,
): CaseDecision {
  const data = { actor, from: state.severity, to, reason };
  const appended = appendCaseEvent({ state, messages: [] }, at, { type: "case.severity-proposed", data });
  const proposed = { to, by: actor.party, ...(reason !== undefined && { reason }) };
  const decision = { ...appended, state: { ...appended.state, proposedSeverity: proposed } };
  const text = `${actor.party} proposes the severity ${to}${reason === undefined ? "." : `: ${reason}`}`;
  return entryId === undefined ? decision : recordDecision(decision, { actor, entryId, text }, at);
}

function declineSeverity(
  state: CaseState,
  { reason, entryId }: Extract<SeverityCommand, { type: "decline-severity" }>,
  actor: Actor,
  at: Instant,
): CaseOutcome {
  const { proposedSeverity: proposed } = state;
  if (proposed === undefined)
    return refuseTransition(state, "decline a severity proposal of", "There is no open severity proposal.");
  const data = { actor, to: proposed.to, reason };
  const appended = appendCaseEvent({ state, messages: [] }, at, { type: "case.severity-declined", data });
  const decision = { ...appended, state: withoutProposal(appended.state) };
  const text = `${actor.party} declines the severity ${proposed.to}: ${reason}`;
  return entryId === undefined ? decision : recordDecision(decision, { actor, entryId, text }, at);
}

function withoutProposal(state: CaseState): CaseState {
  const { proposedSeverity: _, ...rest } = state;
  return rest;
}
