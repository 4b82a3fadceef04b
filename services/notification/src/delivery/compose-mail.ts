import type { SendMailOptions } from "nodemailer";
import { z } from "zod";

/**
 * The payload of a delivery by mail for a subscription or a page. The payload has mail ids without a domain. The mailer adds the
 * domain of the installation's sender address.
 */
const notice = z.object({
  subject: z.string(),
  text: z.string(),
  messageId: z.string(),
  /** The id of the mail about the case's opening, whose thread this mail joins. */
  thread: z.string().optional(),
  traceparent: z.string().optional(),
});

/** The payload of a delivery that sends an outbound message to the customer. */
const customerMail = z.object({
  kind: z.literal("message"),
  /** The carrier's name, which the customer sees as the sender. */
  fromName: z.string(),
  subject: z.string(),
  text: z.string(),
  /** The id of the mail without angle brackets. The mailer adds a domain if the id has none. */
  messageId: z.string(),
  replyTo: z.string().optional(),
  bouncesTo: z.string().optional(),
  inReplyTo: z.string().optional(),
  references: z.array(z.string()).optional(),
  /** True for an automatic acknowledgement, which no program may answer. */
  isAutomatic: z.boolean(),
  traceparent: z.string().optional(),
});

const payload = z.union([customerMail, notice]);

export type Mail = z.infer<typeof notice>;
export type CustomerMail = z.infer<typeof customerMail>;

/**
 * Returns the mail of a payload for nodemailer. `from` is the installation's sender address. The mail is plain text. Throws a
 * ZodError for an invalid payload.
 */
export function composeMail(json: string, to: string, from: string): SendMailOptions {
  const mail = payload.parse(JSON.parse(json));
  return "kind" in mail ? composeCustomerMail(mail, to, from) : composeNotice(mail, to, from);
}

function composeNotice({ subject, text, messageId, thread }: Mail, to: string, from: string): SendMailOptions {
  const domain = domainOf(from);
  const root = thread === undefined ? undefined : `<${thread}@${domain}>`;
  return {
    from: { name: "Crossline", address: from },
    to: { name: "", address: to },
    envelope: { from, to: [to] },
    subject,
    text,
    messageId: `<${messageId}@${domain}>`,
    ...(root !== undefined && { inReplyTo: root, references: root }),
    headers: { "Auto-Submitted": "auto-generated" },
  };
}

/**
 * Composes the mail of an outbound message. An automatic mail follows RFC 3834: its header says `auto-replied`, and its envelope
 * sender is empty. So no program answers the mail, and no bounce comes back. A person's mail has no such header.
 */
function composeCustomerMail(mail: CustomerMail, to: string, from: string): SendMailOptions {
  const { fromName, subject, text, messageId, replyTo, bouncesTo = from, isAutomatic } = mail;
  const inReplyTo = mail.inReplyTo === undefined ? [] : toIds([mail.inReplyTo]);
  const references = toIds(mail.references ?? []);
  return {
    from: { name: fromName, address: from },
    to: { name: "", address: to },
    ...(replyTo !== undefined && { replyTo: { name: "", address: replyTo } }),
    // As an object, an address with a comma stays one recipient.
    envelope: { from: isAutomatic ? "" : { name: "", address: bouncesTo }, to: [{ name: "", address: to }] },
    subject,
    text,
    messageId: `<${messageId.includes("@") ? messageId : `${messageId}@${domainOf(from)}`}>`,
    ...(inReplyTo[0] !== undefined && { inReplyTo: inReplyTo[0] }),
    ...(references.length > 0 && { references }),
    ...(isAutomatic && { headers: { "Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All" } }),
  };
}

/**
 * Returns message ids in angle brackets. Omits an id that is not one printable ASCII word, because another mail program chose it
 * and the id must not add a header.
 */
function toIds(ids: readonly string[]): string[] {
  return ids.filter((id) => /^[!-;=?-~]+$/.test(id)).map((id) => `<${id}>`);
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}
