import { z } from "zod";
import { actor, channel, instant, subject } from "./vocabulary.ts";

/** The maximum length of an outbound message, in UTF-16 code units. */
export const messageTextMax = 5000;

/**
 * The content of an outbound message. A person's `answer` meets an obligation after it was sent. An `article` is only a link,
 * and an `auto-reply` comes from a program. Neither meets an obligation.
 */
export const messageContent = z.enum(["answer", "article", "auto-reply"]);

/** The way in which a message reaches the customer: the carrier's CRM sends it, or notification sends it as mail. */
export const messageVia = z.enum(["crm", "mail"]);

/** The reason for a mark: the text blames the customer, or the text is only a link. */
export const messageMarkRule = z.enum(["blame", "link-only"]);

/** A place in a text that the guard marks. `from` and `to` are offsets in UTF-16 code units; `to` is exclusive. */
export const messageMark = z.strictObject({
  from: z.int().min(0),
  to: z.int().min(1),
  rule: messageMarkRule,
  language: z.enum(["en", "fr", "de", "es"]).optional(),
});

/** The mail headers of a message that notification sends. Each id is a message id (RFC 5322, 3.6.4) without angle brackets. */
export const outboundMail = z.strictObject({
  subject: z.string().max(250),
  messageId: z.string().max(250),
  /** The address that receives replies. Its token names the case. */
  replyTo: z.string().max(254).optional(),
  /** The envelope sender, which receives bounces. An automatic reply has an empty envelope sender (RFC 3834, 3.3). */
  bouncesTo: z.string().max(254).optional(),
  inReplyTo: z.string().max(250).optional(),
  references: z.array(z.string().max(250)).max(20).optional(),
});

const message = { actor, messageId: z.string() };
const written = { text: z.string().max(messageTextMax), marks: z.array(messageMark).max(100) };

/** The events of outbound messages, which intake publishes on the case topic. */
export const messageEvents = {
  /** A message was written. If the guard marked a place, intake holds the message until a person decides. */
  "message.written": z.object({
    ...message,
    channel,
    via: messageVia,
    content: messageContent,
    ...written,
    subject: subject.optional(),
  }),
  /** The author of a held message changed its text. */
  "message.reworded": z.object({ ...message, ...written }),
  /**
   * A message may be sent. Notification sends it if `via` is `mail`. `reason` is present if a person released a held message
   * without a second person.
   */
  "message.released": z.object({
    ...message,
    channel,
    via: messageVia,
    content: messageContent,
    text: z.string().max(messageTextMax),
    reason: z.string().max(1000).optional(),
    mail: outboundMail.optional(),
    subject: subject.optional(),
  }),
  /** A message that was not sent was withdrawn. */
  "message.withdrawn": z.object({ ...message, reason: z.string().max(1000) }),
  /**
   * A message did not reach the customer. `wasSent` is true if it was sent before, so that the obligations which it met are owed
   * again.
   */
  "message.failed": z.object({ ...message, reason: z.string().max(1000), wasSent: z.boolean() }),
} as const;

/** The events that notification publishes on `crossline.mail.v1` about the mails of outbound messages. The key is the case id. */
export const mailEvents = {
  /** The mail server accepted the mail. On a stepped timeline, notification records the mail and sends nothing. */
  "mail.accepted": z.object({ messageId: z.string(), acceptedAt: instant }),
  /** Notification has stopped retrying, or cannot send mail. */
  "mail.refused": z.object({ messageId: z.string(), reason: z.string().max(200) }),
} as const;

export type MessageMark = z.infer<typeof messageMark>;
export type MessageContent = z.infer<typeof messageContent>;
export type MessageVia = z.infer<typeof messageVia>;
export type OutboundMail = z.infer<typeof outboundMail>;
