import type { ContactContent, EventOf } from "@crossline/contracts";
import type { AuditedEvent } from "./audited-event.ts";

/** The acting side of a record: the customer, a person of a party, or a program of a party. */
export type ActingSide = "customer" | "person" | "program";

/** Returns the acting side of a record (docs/rules/contact.md). If the side is not the customer, `actor.party` names the party. */
export function sideOf(event: AuditedEvent): ActingSide {
  const { type, data } = event;
  if (type === "case.contacted" && data.content === "auto-reply") return "program";
  if (type === "case.contacted" && data.direction === "inbound") return "customer";
  if (type === "entry.added" && data.by === "customer") return "customer";
  return data.actor.automated ? "program" : "person";
}

/** Returns whether the event is a person's answer to the customer: an outbound answer or the start of a handling. */
export function isAnswer(event: AuditedEvent): boolean {
  if (sideOf(event) !== "person") return false;
  if (event.type === "case.contacted") return event.data.content === "answer";
  return event.type === "handling.started";
}

/** Returns whether the event is an inbound contact by the customer, which excludes automatic replies. */
export function isCustomersContact(event: AuditedEvent): event is EventOf<"case.contacted"> {
  return event.type === "case.contacted" && sideOf(event) === "customer";
}

const asking: readonly ContactContent[] = ["inquiry", "answer", "article"];

/**
 * Returns whether the event is a customer's contact that needs a reply on a resolved case. An inquiry neither confirms nor denies the
 * fix.
 */
export function isInquiry(event: AuditedEvent): boolean {
  return isCustomersContact(event) && asking.includes(event.data.content);
}
