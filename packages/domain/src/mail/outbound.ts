import type { OutboundMail } from "@crossline/contracts";
import { type MailDomain, bounceAddress, replyAddress } from "./address.ts";
import { cleanRow } from "./text.ts";

/** The last mail of the customer in a case. Ids have no angle brackets. `references` are its own, without its message id. */
export type MailThread = {
  readonly subject: string;
  readonly messageId?: string | undefined;
  readonly references: readonly string[];
};

/** The facts of an outbound message and its case from which the headers follow. */
type OutboundFacts = { readonly caseId: string; readonly title: string; readonly messageId: string };

const referencesMax = 20;
const subjectMax = 250;

/**
 * Returns the headers of an outbound message by mail. The message continues the thread of the customer's last mail (RFC 5322, 3.6.4).
 * Without a mail domain, the message has no reply token and no bounce address.
 */
export function outboundMail(
  { caseId, title, messageId }: OutboundFacts,
  thread: MailThread | undefined,
  mailDomain: MailDomain | undefined,
): OutboundMail {
  const subject = cleanRow(thread?.subject, subjectMax) ?? title;
  const inReplyTo = thread?.messageId;
  const references = inReplyTo === undefined ? [] : [...(thread?.references ?? []).slice(1 - referencesMax), inReplyTo];
  return {
    subject: /^(?:re|aw|sv|vs|antw?)\s?:/i.test(subject) ? subject : `Re: ${subject}`.slice(0, subjectMax),
    messageId,
    ...(mailDomain !== undefined && {
      replyTo: replyAddress(caseId, mailDomain),
      bouncesTo: bounceAddress(messageId, mailDomain),
    }),
    ...(inReplyTo !== undefined && { inReplyTo, references }),
  };
}

/**
 * The text of the automatic acknowledgement of an inquiry. The text quotes nothing of the mail, because the sender's address can be
 * forged.
 */
export const acknowledgementText =
  "We have received your mail, and a person will answer it. You do not need to write again; a reply to this mail reaches the same people.";
