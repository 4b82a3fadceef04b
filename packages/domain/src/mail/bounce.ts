import { hasReplySign, hasVacationSubject } from "./automatic.ts";
import { type ParsedMail, headerOf, messageIdsIn } from "./parsed-mail.ts";

/**
 * The report that a mail did or did not arrive. `messageIds` are the outbound messages that the report names. `status` is an enhanced
 * status code (RFC 3463), for example `5.1.1`.
 */
export type MailBounce = {
  readonly outcome: "permanent" | "delayed" | "other";
  readonly status?: string | undefined;
  readonly messageIds: readonly string[];
};

const idMax = 20;
const textMax = 20_000;
const daemon = /^(?:mailer-daemon|postmaster|mail delivery (?:sub)?system)/i;
const failing =
  /undeliver(?:ed|able)|returned mail|failure notice|delivery (?:status notification \(failure\)|failure|has failed|failed)|mail delivery (?:failed|failure)|could not be delivered|delivery to the following recipients? failed|unzustellbar|non remis|no se puede entregar/i;
const delaying =
  /delayed|delay\)|will (?:be )?retr|still trying|not yet (?:been )?delivered|warning: (?:could not send|message)|temporarily|\(delay\)/i;

/**
 * Returns the report in a mail; undefined if the mail is no report. A delivery report (RFC 3464) states its outcome. The reports of
 * other servers are recognized by their sender and subject. `isOwn` is true for a mail to the bounce address of a message. There, a mail
 * from the empty envelope sender is a bounce, unless it is an automatic reply. Automatic replies go to the same address (RFC 3834, 4).
 */
export function readBounce(mail: ParsedMail, isOwn: boolean): MailBounce | undefined {
  const report = mail.report.join("\n").slice(0, textMax);
  const action = /^action:[ \t]*([a-z]+)/im.exec(report)?.[1]?.toLowerCase();
  const reported = /^status:[ \t]*([245]\.\d{1,3}\.\d{1,3})/im.exec(report)?.[1];
  const messageIds = idsIn(mail);
  if (action !== undefined || reported !== undefined)
    return { outcome: outcomeOf(action, reported), status: reported, messageIds };
  const text = `${mail.subject}\n${mail.text ?? ""}`.slice(0, textMax);
  const isDaemons = daemon.test(mail.from?.address ?? "") || daemon.test(mail.from?.name ?? "");
  const saysFailure = failing.test(text);
  const isReply = hasReplySign(mail) || hasVacationSubject(mail);
  if (!isDaemons && (mail.sender !== "" || isReply || !(saysFailure || isOwn))) return undefined;
  const status = /\b([45]\.\d{1,3}\.\d{1,3})\b/.exec(text)?.[1];
  if (status?.startsWith("4") === true || (delaying.test(text) && !status?.startsWith("5")))
    return { outcome: "delayed", status, messageIds };
  return { outcome: saysFailure || status !== undefined || isOwn ? "permanent" : "other", status, messageIds };
}

/** A status of class 4 with the action `failed` is permanent: the server has stopped retrying (RFC 3464, 2.3.3). */
function outcomeOf(action: string | undefined, status: string | undefined): MailBounce["outcome"] {
  if (action === "failed") return "permanent";
  if (action === "delayed") return "delayed";
  if (action !== undefined) return "other";
  return status?.startsWith("5") === true ? "permanent" : status?.startsWith("4") === true ? "delayed" : "other";
}

/** Returns the ids of outbound messages (`ms_…`) that the report and the headers of the mail name. */
function idsIn(mail: ParsedMail): readonly string[] {
  const named = [...mail.inReplyTo, ...mail.references, ...messageIdsIn(headerOf(mail, "x-failed-message-id"))];
  const text = [...mail.report, mail.text ?? "", ...named].join("\n");
  const found = [...text.matchAll(/\b(ms_[0-9a-hjkmnp-tv-z]{26})(?![0-9a-z])/g)].map(([, id]) => id ?? "");
  return [...new Set(found)].slice(0, idMax);
}
