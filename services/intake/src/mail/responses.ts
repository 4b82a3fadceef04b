import type { ProblemCode, Refusal } from "@crossline/contracts";

/** A refusal of SMTP: the reply code (RFC 5321), and the text with its enhanced status code (RFC 3463). */
export type SmtpRefusal = { readonly smtp: number; readonly text: string };

/** The refusals of the receiver. A code of class 4 makes the sender retry. */
export const smtpRefusals = {
  unknownMailbox: { smtp: 550, text: "5.1.1 No such mailbox here" },
  foreignDomain: { smtp: 550, text: "5.7.1 This server relays no mail" },
  tooManyReceivers: { smtp: 452, text: "4.5.3 Too many receivers in one mail" },
  tooLarge: { smtp: 552, text: "5.3.4 The mail is larger than this server accepts" },
  unreadable: { smtp: 554, text: "5.6.0 The mail has too many parts or headers" },
  busy: { smtp: 451, text: "4.3.2 The system is busy; send the mail again later" },
  failed: { smtp: 451, text: "4.3.0 The mail could not be stored; send the mail again later" },
  full: { smtp: 552, text: "5.2.2 The case accepts no more mails" },
  ended: { smtp: 550, text: "5.2.1 This mailbox accepts no more mails" },
  refused: { smtp: 554, text: "5.7.0 The mail was refused" },
} as const satisfies Record<string, SmtpRefusal>;

const transient: ReadonlySet<ProblemCode> = new Set([
  "overloaded",
  "unavailable",
  "too_many_requests",
  "request_in_progress",
  "import_in_progress",
  "not_quiet",
  "internal_error",
  "unknown_line",
]);

/** Returns the SMTP form of a refusal. The text never contains the detail, which is for the carrier. */
export function smtpRefusalOf({ code }: Refusal): SmtpRefusal {
  if (transient.has(code)) return smtpRefusals.busy;
  if (code === "limit_reached") return smtpRefusals.full;
  return code === "timeline_ended" || code === "timeline_broken" ? smtpRefusals.ended : smtpRefusals.refused;
}

export function isSmtpRefusal(value: object): value is SmtpRefusal {
  return "smtp" in value;
}

/** Returns the error with which the SMTP server sends the refusal. */
export function smtpError({ smtp, text }: SmtpRefusal): Error & { responseCode: number } {
  return Object.assign(new Error(text), { responseCode: smtp });
}
