import type { Mailbox } from "./address.ts";
import { type AutomaticSign, automaticSign } from "./automatic.ts";
import { type MailBounce, readBounce } from "./bounce.ts";
import type { ParsedMail } from "./parsed-mail.ts";

/**
 * The meaning of a mail for Crossline:
 *
 * - `bounce`: an outbound message did not arrive. `delay` has no effect.
 * - `automatic`: a program sent the mail. It is a contact without an effect on its case, and nothing if it names no case.
 * - `personal`: a person may have written the mail.
 */
export type MailMeaning =
  | { readonly is: "bounce"; readonly messageIds: readonly string[]; readonly reason: string }
  | { readonly is: "delay" }
  | { readonly is: "automatic"; readonly sign: AutomaticSign }
  | { readonly is: "personal" };

/** Returns the meaning of a mail that came to the mailbox. The message of a bounce address comes before the messages that the mail names. */
export function interpretMail(mail: ParsedMail, mailbox: Mailbox): MailMeaning {
  const own = mailbox.kind === "bounce" ? [mailbox.messageId] : [];
  const bounce = readBounce(mail, mailbox.kind === "bounce");
  if (bounce?.outcome === "permanent") {
    const messageIds = [...new Set([...own, ...bounce.messageIds])];
    return { is: "bounce", messageIds, reason: reasonOf(bounce) };
  }
  if (bounce !== undefined) return { is: "delay" };
  const sign = automaticSign(mail);
  return sign === undefined ? { is: "personal" } : { is: "automatic", sign };
}

/** The reason contains the status code only: the text of a report can contain personal data. */
function reasonOf({ status }: MailBounce): string {
  return status === undefined
    ? "The mail server of the customer returned the message."
    : `The mail server of the customer returned the message with the status ${status}.`;
}

/**
 * Returns the names by which a mail can find its case, the nearest first: `In-Reply-To`, then `References` from the last to the first.
 */
export function namedMessages({ inReplyTo, references }: ParsedMail): readonly string[] {
  return [...new Set([...inReplyTo, ...references.toReversed()])].slice(0, 30);
}

/** Returns the id of the outbound message that a message id (RFC 5322) names; undefined if the message id is not Crossline's. */
export function outboundMessageOf(messageId: string): string | undefined {
  return /^(ms_[0-9a-hjkmnp-tv-z]{26})(?:@|$)/.exec(messageId.toLowerCase())?.[1];
}
