import type { ContactContent, EventOf } from "@crossline/contracts";
import type { AuditedEvent } from "./audited-event.ts";

/** Whose act a record is: the customer's, that of a person of a party, or that of a program of a party. */
export type ActingSide = "customer" | "person" | "program";

/** Returns the acting side of a record (docs/rules/contact.md). The party is `actor.party`. */
export function sideOf(event: AuditedEvent): ActingSide {
  const { type, data } = event;
  if (type === "case.contacted" && data.content === "auto-reply") return "program";
  if (type === "case.contacted" && data.direction === "inbound") return "customer";
  if (type === "entry.added" && data.by === "customer") return "customer";
  return data.actor.automated ? "program" : "person";
}

/** A person has answered the customer: by an answer that is sent, or live. */
export function isAnswer(event: AuditedEvent): boolean {
  if (sideOf(event) !== "person") return false;
  if (event.type === "case.contacted") return event.data.content === "answer";
  return event.type === "handling.started";
}

/** The customer has turned to a company, whatever they said; an automatic reply is no act of theirs. */
export function isCustomersContact(event: AuditedEvent): event is EventOf<"case.contacted"> {
  return event.type === "case.contacted" && sideOf(event) === "customer";
}

const asking: readonly ContactContent[] = ["inquiry", "answer", "article"];

/** A customer's contact that asks for an answer where the case is resolved: it says neither that the cure works nor that it does not. */
export function isInquiry(event: AuditedEvent): boolean {
  return isCustomersContact(event) && asking.includes(event.data.content);
}
