import type { CaseEvent, EventData, HandoffEvent } from "@crossline/contracts";

/** An event about a case, from the case topic or the hand-off topic. */
export type CaseAct = Exclude<CaseEvent, { type: "timeline.marked" | "timeline.removed" }> | HandoffEvent;

/** The acting side of an event: the customer, a person of a party, or a program of a party. */
export type ActingSide = "customer" | "person" | "program";

/** The type and data of an event, from which the acting side follows. */
type ActEvent = { [T in CaseAct["type"]]: { readonly type: T; readonly data: EventData<T> } }[CaseAct["type"]];
type ContactEvent = Extract<ActEvent, { type: "case.contacted" }>;

/**
 * Returns the acting side of an event. If a person records a customer's contact, the customer is the acting side and not this
 * person.
 */
export function sideOf(event: ActEvent): ActingSide {
  if (event.type === "case.contacted") {
    if (event.data.content === "auto-reply") return "program";
    if (event.data.direction === "inbound") return "customer";
  }
  if (event.type === "entry.added" && event.data.by === "customer") return "customer";
  return event.data.actor.automated ? "program" : "person";
}

/** Returns true for a contact that the customer made. */
export function isCustomersContact<A extends ActEvent>(event: A): event is A & ContactEvent {
  return event.type === "case.contacted" && sideOf(event) === "customer";
}

/**
 * Returns true for a contact in which the customer asks a question or reports something. A verdict on the fix (`works`,
 * `still-broken`) is no inquiry.
 */
export function isInquiry<A extends ActEvent>(event: A): event is A & ContactEvent {
  return isCustomersContact(event) && event.data.content !== "works" && event.data.content !== "still-broken";
}

/**
 * Returns true if the event is an act of a person of `party`. A merge, the renewal of a lease and the events of a pool do not
 * count, because none of them may postpone a deadline.
 */
export function isPersonOf(party: string, event: ActEvent): boolean {
  if (event.type === "case.merged" || event.type === "handoff.renewed" || event.type.startsWith("pool.")) return false;
  return sideOf(event) === "person" && event.data.actor.party === party;
}

/**
 * Returns true for a person's answer to the customer. The start of a live handling counts as an answer. A program's contact, an
 * automatic reply and a link to an article do not count as answers.
 */
export function isAnswer(event: ActEvent): boolean {
  if (sideOf(event) !== "person") return false;
  return event.type === "handling.started" || (event.type === "case.contacted" && event.data.content === "answer");
}

/**
 * Returns true for progress: a confirmation by the customer, or new information or a newly tried step from a person of `party`.
 * Notes, status changes, heartbeats, acts of programs and repetitions do not count as progress. A customer's hypothesis changes
 * no clock.
 */
export function isProgressOf(party: string, event: ActEvent): boolean {
  if (event.type === "case.confirmed") return true;
  return event.type === "entry.added" && event.data.kind !== "note" && event.data.news && isPersonOf(party, event);
}
