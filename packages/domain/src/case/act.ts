import type { CaseEvent, EventData, HandoffEvent } from "@crossline/contracts";

/** What happens to a case, from the topics of cases and hand-offs. */
export type CaseAct = Exclude<CaseEvent, { type: "timeline.marked" | "timeline.removed" }> | HandoffEvent;

/** Whose act a fact is: the customer's, a person's of a party, or a program's of a party. */
export type ActingSide = "customer" | "person" | "program";

/** What of a fact tells whose act it is. */
type ActEvent = { [T in CaseAct["type"]]: { readonly type: T; readonly data: EventData<T> } }[CaseAct["type"]];
type ContactEvent = Extract<ActEvent, { type: "case.contacted" }>;

/** The acting side of a fact, from what it records: who typed a customer's contact in does not make it that person's act. */
export function sideOf(event: ActEvent): ActingSide {
  if (event.type === "case.contacted") {
    if (event.data.content === "auto-reply") return "program";
    if (event.data.direction === "inbound") return "customer";
  }
  if (event.type === "entry.added" && event.data.by === "customer") return "customer";
  return event.data.actor.automated ? "program" : "person";
}

/** A contact of the customer's own. */
export function isCustomersContact<A extends ActEvent>(event: A): event is A & ContactEvent {
  return event.type === "case.contacted" && sideOf(event) === "customer";
}

/** The customer asks for something, as opposed to a word on the cure (`works`, `still-broken`). */
export function isInquiry<A extends ActEvent>(event: A): event is A & ContactEvent {
  return isCustomersContact(event) && event.data.content !== "works" && event.data.content !== "still-broken";
}

/** A sign of life of a person at `party`. Merging two cases puts off no deadline of either, and neither does renewing a lease. */
export function isPersonOf(party: string, event: ActEvent): boolean {
  if (event.type === "case.merged" || event.type === "handoff.renewed") return false;
  return sideOf(event) === "person" && event.data.actor.party === party;
}

/** A person's answer to the customer: no program's, no automatic reply, no link to an article. A live handling is one. */
export function isAnswer(event: ActEvent): boolean {
  if (sideOf(event) !== "person") return false;
  return event.type === "handling.started" || (event.type === "case.contacted" && event.data.content === "answer");
}

/**
 * Progress: something is known or has been tried that was not before. Notes, status flips, heartbeats, programs and repeats are
 * none; the customer's own hypothesis is carried along and moves no clock.
 */
export function isProgressOf(party: string, event: ActEvent): boolean {
  if (event.type === "case.confirmed") return true;
  return event.type === "entry.added" && event.data.kind !== "note" && event.data.news && isPersonOf(party, event);
}
