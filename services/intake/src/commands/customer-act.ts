import { type MessageOrigin, type customerContactRequest, newId } from "@crossline/contracts";
import { type CaseCommand, type CaseState, contentOfAct } from "@crossline/domain";
import type { IdempotentRequest } from "@crossline/idempotency";
import type { z } from "zod";
import type { CaseResult } from "./case-response.ts";
import type { WriteRequest } from "./case-writer.ts";

/** An act of the customer on a case, and the data of its request. */
export type CustomerActRequest = {
  readonly idempotency: IdempotentRequest;
  readonly state: CaseState;
  readonly body: z.output<typeof customerContactRequest>;
  readonly traceparent: string | undefined;
};

/**
 * Records an act of the customer as an inbound contact, through the same command as a contact that the carrier records. The customer is
 * the acting side. A program of the carrier is the actor, because only the carrier's contact `works` confirms a fix, and no person of
 * the carrier acted. The text becomes an entry by the customer.
 */
export function recordCustomerAct(
  write: WriteRequest,
  { idempotency, state, body: { act, text }, traceparent }: CustomerActRequest,
): Promise<CaseResult> {
  // Like a mail, the act has no sender among the companies, so it is no command of a company in the action log.
  const origin: MessageOrigin = traceparent === undefined ? {} : { traceparent };
  const contact = { contactId: newId("ct"), channel: "web", direction: "inbound", content: contentOfAct(act) } as const;
  const isVerdict = act !== "add";
  return write({
    idempotency,
    actor: { party: state.carrier, automated: true },
    origin,
    command: { type: "change", caseId: state.id, change: { type: "contact", ...contact, needsResolved: isVerdict } },
    followUps: text === undefined ? [] : [entryOf(text)],
  });
}

function entryOf(text: string): CaseCommand {
  const common = { type: "add-entry", kind: "message", audience: "customer", by: "customer", news: true } as const;
  return { ...common, entryId: newId("en"), text };
}
