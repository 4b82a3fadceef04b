import type { ContactContent, EventOf } from "@crossline/contracts";
import type { Happening } from "./happening.ts";

/** Whose act a record is: the customer's, that of a person of a party, or that of a program of a party. */
export type Side = "customer" | "person" | "program";

/** Returns the acting side of a record (docs/rules/contact.md). The party is `actor.party`. */
export function sideOf(happening: Happening): Side {
  const { type, data } = happening;
  if (type === "case.contacted" && data.content === "auto-reply") return "program";
  if (type === "case.contacted" && data.direction === "inbound") return "customer";
  if (type === "entry.added" && data.by === "customer") return "customer";
  return data.actor.automated ? "program" : "person";
}

/** A person has answered the customer: by an answer that is sent, or live. */
export function isAnswer(happening: Happening): boolean {
  if (sideOf(happening) !== "person") return false;
  if (happening.type === "case.contacted") return happening.data.content === "answer";
  return happening.type === "handling.started";
}

/** The customer has turned to a company, whatever they said; an automatic reply is no act of theirs. */
export function isCustomersContact(happening: Happening): happening is EventOf<"case.contacted"> {
  return happening.type === "case.contacted" && sideOf(happening) === "customer";
}

const asking: readonly ContactContent[] = ["inquiry", "answer", "article"];

/** A customer's contact that asks for an answer where the case is resolved: it says neither that the cure works nor that it does not. */
export function isInquiry(happening: Happening): boolean {
  return isCustomersContact(happening) && asking.includes(happening.data.content);
}
