import { type ParsedMail, headerOf } from "./parsed-mail.ts";

/**
 * The sign by which a mail is automatic, from the strongest to the weakest. Programs sent the mail as a reply, in bulk or as a list;
 * or only the subject says that a person is away.
 */
export type AutomaticSign =
  | "auto-submitted"
  | "suppress"
  | "autoreply-header"
  | "list"
  | "precedence"
  | "null-sender"
  | "system-sender"
  | "subject";

const listHeaders = ["list-id", "list-unsubscribe", "list-post"] as const;
const replyHeaders = ["x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder", "x-mail-autoreply"] as const;
/** Senders that RFC 3834, 2 and RFC 2142 reserve for programs. */
const systemSender = /^(?:mailer-daemon|postmaster|double-bounce|listserv|majordomo|owner-.+|.+-request)@/i;
/** The subjects of the vacation replies of well-known mail programs, in the four languages of the guard. */
const vacation =
  /^(?:(?:auto(?:matic(?:ally)?)?[ -]?(?:reply|response|antwort)|automatische antwort|abwesenheits(?:notiz|nachricht)|réponse automatique|respuesta automática|out of (?:the )?office|ooo)\s*[:–-]|(?:out of (?:the )?office|abwesenheitsnotiz|automatic reply|auto(?:matische)? ?(?:reply|antwort)|absence du bureau|fuera de la oficina)\s*$)/iu;

/**
 * Returns the sign by which a mail is automatic (RFC 3834); undefined if a person can have written the mail. The weakest sign is the
 * subject, because a person can also write it.
 */
export function automaticSign(mail: ParsedMail): AutomaticSign | undefined {
  const submitted = headerOf(mail, "auto-submitted");
  if (submitted !== undefined && !/^no(?:\s|;|\(|$)/i.test(submitted)) return "auto-submitted";
  const suppress = headerOf(mail, "x-auto-response-suppress");
  if (suppress !== undefined && !/^none$/i.test(suppress)) return "suppress";
  if (replyHeaders.some((name) => isSet(headerOf(mail, name)))) return "autoreply-header";
  if (listHeaders.some((name) => headerOf(mail, name) !== undefined)) return "list";
  if (/^(?:bulk|junk|list|auto_reply)$/i.test(headerOf(mail, "precedence") ?? "")) return "precedence";
  if (mail.sender === "") return "null-sender";
  if (systemSender.test(mail.sender) || systemSender.test(mail.from?.address ?? "")) return "system-sender";
  return hasVacationSubject(mail) ? "subject" : undefined;
}

/** Returns true if the subject is that of a vacation reply. */
export function hasVacationSubject({ subject }: Pick<ParsedMail, "subject">): boolean {
  return vacation.test(subject.trim());
}

/** Returns true if a header says that a program replied to another mail. Bounces of some servers have such a header too. */
export function hasReplySign(mail: ParsedMail): boolean {
  const submitted = headerOf(mail, "auto-submitted") ?? "";
  if (/^auto-(?:replied|generated-reply)/i.test(submitted)) return true;
  return [...replyHeaders, "x-auto-response-suppress"].some((name) => isSet(headerOf(mail, name)));
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && !/^(?:no|false|0)?$/i.test(value);
}
