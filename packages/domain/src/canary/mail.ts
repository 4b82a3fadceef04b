import { type MailDomain, readMailbox } from "../mail/address.ts";
import { type MailMeaning, interpretMail } from "../mail/interpret.ts";
import type { ParsedMail } from "../mail/parsed-mail.ts";

/**
 * Returns the id of the run whose canary sent the mail; undefined for the mail of any other sender. The MAC in the sender's address is
 * the only source of the mark, so no customer can mark a mail.
 */
export function runOfSender({ from, sender }: ParsedMail, mailDomain: MailDomain): string | undefined {
  const mailbox = readMailbox(from?.address ?? sender, mailDomain);
  return mailbox?.kind === "canary" ? mailbox.runId : undefined;
}

/**
 * Returns true if a mail to the mailbox of a run can be the acknowledgement. The report of a mail server that it could not deliver the
 * mail of the run goes to the same mailbox.
 */
export function canAcknowledge(mail: ParsedMail, runId: string): boolean {
  const { is }: MailMeaning = interpretMail(mail, { kind: "canary", runId });
  return is === "automatic" || is === "personal";
}
