import { type Actor, type Channel, type Instant, type MessageVia, type Refusal, refusal } from "@crossline/contracts";
import { refuse } from "../decision.ts";
import { guardText } from "../message/guard.ts";
import {
  type IncidentEffect,
  type IncidentMember,
  type IncidentMessage,
  type IncidentOutcome,
  type IncidentState,
  casesOfIncident,
  countEffect,
  incidentLimits,
  withoutMember,
} from "./incident.ts";
import { joinEffects, writeEffect } from "./join.ts";

/** A carrier's command on an incident. The caller creates the id of a new message. */
export type CarrierCommand =
  | { readonly type: "join"; readonly case: Omit<IncidentMember, "joinedAt">; readonly reason: string }
  | { readonly type: "leave"; readonly caseId: string; readonly reason: string }
  | { readonly type: "end"; readonly reason: string }
  | {
      readonly type: "write";
      readonly messageId: string;
      readonly channel: Channel;
      readonly via: MessageVia;
      readonly text: string;
      /** The reason to send the message even if the guard marks a place. */
      readonly reason?: string | undefined;
    }
  | { readonly type: "release"; readonly messageId: string; readonly reason: string }
  | { readonly type: "withdraw"; readonly messageId: string; readonly reason: string };

type Of<Type extends CarrierCommand["type"]> = Extract<CarrierCommand, { type: Type }>;

/** Decides a carrier's command on an incident. An ended incident accepts no command. */
export function commandOnIncident(
  state: IncidentState,
  command: CarrierCommand,
  actor: Actor,
  at: Instant,
): IncidentOutcome {
  if (state.ended !== undefined) return { refused: illegal(state, `The incident has ended (${state.ended.cause}).`) };
  switch (command.type) {
    case "join":
      return join(state, command, actor, at);
    case "leave":
      return leave(state, command, actor, at);
    case "end": {
      const { reason } = command;
      const { id: incidentId, lead, members } = state;
      const ended = { type: "end-incident", incidentId, cause: "by-carrier", reason } as const;
      const left = { type: "leave-incident", incidentId, cause: "ended", reason } as const;
      return {
        state: { ...state, ended: { at, cause: "by-carrier", reason } },
        effects: [
          { caseId: lead.caseId, actor, change: ended },
          ...members.map(({ caseId }): IncidentEffect => ({ caseId, actor, change: left })),
        ],
      };
    }
    case "write":
      return write(state, command, actor, at);
    case "release":
      return changeHeld(state, command, actor);
    case "withdraw":
      return changeHeld(state, command, actor);
  }
}

function illegal({ id: incidentId }: IncidentState, detail: string): Refusal {
  return refusal("illegal_transition", detail, { facts: { incidentId } });
}

/** Adds a case. A case that is in the incident already changes nothing, because the request can be a repeated one. */
function join(state: IncidentState, { case: added, reason }: Of<"join">, actor: Actor, at: Instant): IncidentOutcome {
  const { caseId } = added;
  if (casesOfIncident(state).some((one) => one.caseId === caseId)) return { state, effects: [] };
  if (state.members.length >= incidentLimits.members)
    return refuse("limit_reached", `An incident has at most ${incidentLimits.members} members.`);
  const joined = { ...state, members: [...state.members, { ...added, joinedAt: at }] };
  return { state: joined, effects: [...joinEffects(joined, { caseId, actor, reason }), countEffect(joined)] };
}

function leave(state: IncidentState, { caseId, reason }: Of<"leave">, actor: Actor, at: Instant): IncidentOutcome {
  if (caseId === state.lead.caseId)
    return { refused: illegal(state, "The lead case does not leave its incident: end the incident.") };
  if (!state.members.some((one) => one.caseId === caseId))
    return refuse("not_found", "The incident has no member with this id.");
  const change = { type: "leave-incident", incidentId: state.id, cause: "removed", reason } as const;
  const left = withoutMember(state, { caseId, at, cause: "removed", reason });
  return { state: left, effects: [{ caseId, actor, change }, countEffect(left)] };
}

/** Writes one message for all cases. If the guard marks a place and there is no reason, the incident holds the message. */
function write(state: IncidentState, command: Of<"write">, actor: Actor, at: Instant): IncidentOutcome {
  if (state.messages.length >= incidentLimits.messages)
    return refuse("limit_reached", `An incident has at most ${incidentLimits.messages} messages.`);
  const { messageId: id, channel, via, text, reason } = command;
  const marks = guardText(text);
  const held = { id, author: actor, at, channel, via, text, marks, state: "held", cases: 0, refused: 0 } as const;
  if (marks.length > 0 && reason === undefined) return { state: withMessage(state, held), effects: [] };
  return release(state, marks.length > 0 ? { ...held, reason, releasedBy: actor } : held);
}

function changeHeld(
  state: IncidentState,
  { type, messageId, reason }: Of<"release" | "withdraw">,
  actor: Actor,
): IncidentOutcome {
  const message = state.messages.find(({ id }) => id === messageId);
  if (message === undefined) return refuse("not_found", "The incident has no such message.");
  if (message.state !== "held")
    return {
      refused: illegal(state, `This message is in the state ${message.state}, which does not allow the command.`),
    };
  if (type === "withdraw")
    return { state: withMessage(state, { ...message, state: "withdrawn", reason }), effects: [] };
  if (actor.automated) return refuse("forbidden", "A program cannot release a held message.");
  return release(state, { ...message, reason, releasedBy: actor });
}

/** Sends a message to the lead and all members, in the name of its author. */
function release(state: IncidentState, message: IncidentMessage): IncidentOutcome {
  const cases = casesOfIncident(state);
  const released: IncidentMessage = { ...message, state: "released", cases: cases.length };
  return {
    state: withMessage(state, released),
    effects: cases.map(({ caseId }) => writeEffect(released, caseId, message.author)),
  };
}

function withMessage(state: IncidentState, message: IncidentMessage): IncidentState {
  const isKnown = state.messages.some(({ id }) => id === message.id);
  const messages = isKnown
    ? state.messages.map((one) => (one.id === message.id ? message : one))
    : [...state.messages, message];
  return { ...state, messages };
}
