import { type CaseCommand, type CaseState, outboundMail } from "@crossline/domain";
import { threadFor } from "./inbound-mail.ts";
import type { Snapshot } from "./load.ts";
import type { CaseRequest } from "./request.ts";

/**
 * Adds the headers of a message by mail. The message continues the thread of the customer's last mail in the case. A message that the
 * CRM sends gets no headers.
 */
export function completeMessage(
  change: Extract<CaseCommand, { type: "write-message" }>,
  { id: caseId, title }: Pick<CaseState, "id" | "title">,
  { mail }: Pick<CaseRequest, "mail">,
  { threads, mailDomain }: Pick<Snapshot, "threads" | "mailDomain">,
): CaseCommand {
  if (change.via !== "mail") return change;
  const facts = { caseId, title, messageId: change.messageId };
  return { ...change, mail: outboundMail(facts, threadFor(mail, threads, caseId), mailDomain) };
}
