import type { EventOf } from "@crossline/contracts";
import type { ClockChange } from "./change.ts";
import type { CaseClocks, IncidentMember } from "./clock.ts";
import type { ClockStart } from "./start.ts";

type IncidentEvent = EventOf<"incident.joined" | "incident.held" | "incident.left">;

/**
 * Returns the state after a case joined or left an incident, or after another company took the lead case. A case that a vendor
 * holds becomes no member, because the clocks of that vendor must run.
 */
export function applyIncident(state: CaseClocks, event: IncidentEvent): CaseClocks {
  const { incidentId } = event.data;
  switch (event.type) {
    case "incident.joined": {
      if (state.holder !== state.carrier) return state;
      return { ...state, member: { incidentId, holder: event.data.holder, starts: [event.sequence] } };
    }
    case "incident.held":
      return state.member?.incidentId === incidentId
        ? { ...state, member: { ...state.member, holder: event.data.holder } }
        : state;
    case "incident.left":
      return state.member?.incidentId === incidentId ? withoutMember(state) : state;
  }
}

/** Returns the state of a case that is no member of an incident any more. */
export function withoutMember<T extends { readonly member?: IncidentMember }>(state: T): Omit<T, "member"> {
  const { member: _, ...rest } = state;
  return rest;
}

/**
 * Returns the membership after a move. If `information` starts for the incident at the move, the clock needs a new incarnation, so
 * that it can fire again. While the case is pending, the move starts the clock for that pause.
 */
export function movedMember({ member, status }: CaseClocks, sequence: number): Pick<CaseClocks, "member"> {
  if (member === undefined || status === "pending") return {};
  return { member: { ...member, starts: [...member.starts, sequence] } };
}

/** Returns true if the event makes the case a member. The clocks that rest for a member end at this event. */
export function joinsIncident({ event, after }: Pick<ClockChange, "event" | "after">): boolean {
  return event.type === "incident.joined" && after.member !== undefined;
}

/** Returns true if a clock `information` of this start runs for the incident of the case. */
export function isOfIncident(start: ClockStart, state: CaseClocks | undefined): boolean {
  return start.by === "case" && state?.member?.starts.includes(start.sequence) === true;
}
