import { type Actor, derivedId } from "@crossline/contracts";
import {
  type IncidentEffect,
  type IncidentMessage,
  type IncidentState,
  incidentActor,
  lastMessage,
} from "./incident.ts";

type Joining = { readonly caseId: string; readonly actor: Actor; readonly reason: string };

/** Returns the effects on a case that joins: it becomes a member, and gets the last message of the incident from a program. */
export function joinEffects(state: IncidentState, { caseId, actor, reason }: Joining): readonly IncidentEffect[] {
  const { id: incidentId, lead, holder } = state;
  const change = { type: "join-incident", incidentId, leadCaseId: lead.caseId, holder, reason } as const;
  const message = lastMessage(state);
  const own = message === undefined ? [] : [writeEffect(message, caseId, incidentActor(state))];
  return [{ caseId, actor, change }, ...own];
}

/**
 * Returns the effect by which a case gets a message of its incident. The id of the case's message depends only on the two, so that a
 * repetition writes no second message.
 */
export function writeEffect(message: IncidentMessage, caseId: string, actor: Actor): IncidentEffect {
  const { id, channel, via, text, marks, reason } = message;
  const messageId = derivedId("ms", id, caseId);
  const change = { type: "write-message", messageId, channel, via, text } as const;
  const withReason = marks.length > 0 && reason !== undefined ? { ...change, reason } : change;
  return { caseId, actor, change: withReason, incidentMessageId: id };
}
