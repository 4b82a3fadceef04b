import {
  type Actor,
  type Channel,
  type EventData,
  type Instant,
  type MessageMark,
  type MessageVia,
  type Refusal,
  formatInstant,
} from "@crossline/contracts";
import type { IncidentSize } from "../case/case.ts";
import type { IncidentCommand } from "../case/incident.ts";
import type { MessageCommand } from "../message/command.ts";

/** The properties that alike cases share. Cases of different scopes never join one incident by detection. */
export type IncidentScope = {
  readonly kind: string;
  readonly symptom: string;
  readonly vendor?: string | undefined;
  readonly model?: string | undefined;
};

/** A case of an incident, with the instants at which it was opened and joined. */
export type IncidentMember = { readonly caseId: string; readonly openedAt: Instant; readonly joinedAt: Instant };

/** A case that is no member any longer. */
export type FormerMember = {
  readonly caseId: string;
  readonly at: Instant;
  readonly cause: EventData<"incident.left">["cause"] | "refused";
  readonly reason?: string | undefined;
};

/** The message of an incident. Each case gets the text as an outbound message of its own. */
export type IncidentMessage = {
  readonly id: string;
  readonly author: Actor;
  readonly at: Instant;
  readonly channel: Channel;
  readonly via: MessageVia;
  readonly text: string;
  readonly marks: readonly MessageMark[];
  readonly state: "held" | "released" | "withdrawn";
  /** The reason of the release or the withdrawal. */
  readonly reason?: string | undefined;
  readonly releasedBy?: Actor | undefined;
  /** The cases that got the message, and those that refused it, for example because they have no mail address. */
  readonly cases: number;
  readonly refused: number;
};

/** The end of an incident. */
type IncidentEnd = {
  readonly at: Instant;
  readonly cause: EventData<"incident.ended">["cause"];
  readonly reason?: string | undefined;
  readonly fixCode?: string | undefined;
};

/**
 * An incident: alike cases of one carrier and one timeline, of which only the lead crosses. After the end, the members are those of
 * the last moment.
 */
export type IncidentState = {
  readonly id: string;
  readonly timeline: string;
  readonly carrier: string;
  /** Later alike cases join. Absent if the lead has no symptom: then only a person adds cases. */
  readonly scope?: IncidentScope | undefined;
  readonly openedAt: Instant;
  readonly actor: Actor;
  readonly reason: string;
  readonly lead: IncidentMember;
  /** The company that holds the lead case. */
  readonly holder: string;
  readonly members: readonly IncidentMember[];
  readonly former: readonly FormerMember[];
  readonly messages: readonly IncidentMessage[];
  readonly ended?: IncidentEnd | undefined;
};

/** `members`: the most members at a time. `former`, `messages`: the most that an incident stores. */
export const incidentLimits = { members: 1_000, former: 1_000, messages: 50 } as const;

type WriteMessage = Omit<Extract<MessageCommand, { type: "write-message" }>, "mail" | "email" | "acknowledges">;

/** A change of a case that an incident has decided. `observing` is added when the change is executed. */
type IncidentCaseChange =
  | Exclude<IncidentCommand, { type: "lead-incident" }>
  | Omit<Extract<IncidentCommand, { type: "lead-incident" }>, "observing">
  | WriteMessage;

/**
 * An effect of an incident on one of its cases. A task executes it, because no transaction locks an incident and a case.
 * `incidentMessageId` is the message of the incident that the case gets.
 */
export type IncidentEffect = {
  readonly caseId: string;
  readonly actor: Actor;
  readonly change: IncidentCaseChange;
  readonly incidentMessageId?: string;
};

/** A decision about an incident: its new state, and the effects on its cases in order. */
export type IncidentDecision = { readonly state: IncidentState; readonly effects: readonly IncidentEffect[] };

export type IncidentOutcome = IncidentDecision | { readonly refused: Refusal };

/** Returns intake as the actor of an incident. */
export function incidentActor({ carrier }: Pick<IncidentState, "carrier">): Actor {
  return { party: carrier, automated: true };
}

/** Returns all cases of an incident, the lead first. */
export function casesOfIncident({ lead, members }: IncidentState): readonly IncidentMember[] {
  return [lead, ...members];
}

/** Returns the message that a case which joins now gets: the last one that was released. */
export function lastMessage({ messages }: IncidentState): IncidentMessage | undefined {
  return messages.findLast(({ state }) => state === "released");
}

/** Returns the number of cases of an incident, and the instants at which the first and the last of them were opened. */
export function sizeOf(state: IncidentState): {
  readonly [Field in keyof IncidentSize]-?: NonNullable<IncidentSize[Field]>;
} {
  const openings = casesOfIncident(state).map(({ openedAt }) => openedAt);
  return {
    cases: openings.length,
    firstOpenedAt: formatInstant(Math.min(...openings)),
    lastOpenedAt: formatInstant(Math.max(...openings)),
  };
}

/** Returns the effect that reports the present number of cases to the lead, whose brief shows it. */
export function countEffect(state: IncidentState): IncidentEffect {
  const change = { type: "count-incident", incidentId: state.id, size: sizeOf(state) } as const;
  return { caseId: state.lead.caseId, actor: incidentActor(state), change };
}

/** Returns the state without a member. The oldest former members are dropped beyond the limit. */
export function withoutMember(state: IncidentState, former: FormerMember): IncidentState {
  return {
    ...state,
    members: state.members.filter(({ caseId }) => caseId !== former.caseId),
    former: [...state.former, former].slice(-incidentLimits.former),
  };
}
