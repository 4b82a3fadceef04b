import { createHash } from "node:crypto";
import { type ReceivedMessage, formatInstant, topicNoun } from "@crossline/contracts";
import { eventDataOf } from "@crossline/domain";
import type { CaseRecord } from "../store/case-party.ts";
import type { Mail } from "../delivery/compose-mail.ts";

/** Makes the mail of an event for a subscription. The mail omits the event's `subject`. */
export function toEventMail(event: ReceivedMessage, record: CaseRecord): Mail {
  const { subject: _, actor: __, ...data } = eventDataOf(event) as Record<string, unknown>;
  const text = [
    `${event.type} at ${formatInstant(event.time)}`,
    `Case ${oneLine(record.carrierCaseId)} of ${record.carrier} (${record.caseId})`,
    "",
    ...rowsOf(data),
  ];
  return toMail(event, "fact", { subject: `[Crossline] ${caseNameOf(record)}`, thread: threadOf(event), text });
}

/** Makes the mail of an event about no case. The mails about one change form one thread. */
export function toCompanyMail(event: ReceivedMessage): Mail {
  const { title, actor: _, ...data } = event.data as { readonly title?: unknown; readonly actor?: unknown };
  const text = [`${event.type} at ${formatInstant(event.time)}`, "", ...rowsOf({ title, ...data })];
  const thread = messageIdOf(`${topicNoun(event.topic)}/${event.key}/1`, "fact");
  const subject = typeof title === "string" ? title : event.type;
  return toMail(event, "fact", { subject: `[Crossline] ${oneLine(subject)}`, thread, text });
}

/** Makes the mail of a page. The mail names the case, the reason and the request that takes the case. */
export function toPageMail(event: ReceivedMessage, record: CaseRecord, text: string): Mail {
  const subject = `[Crossline] PAGE: ${caseNameOf(record)}`;
  return toMail(event, "page", { subject, thread: threadOf(event), text: [text] });
}

function caseNameOf({ carrierCaseId, carrier }: CaseRecord): string {
  return `case ${oneLine(carrierCaseId)} of ${carrier}`;
}

/** Returns a row of text for each simple field of an event. */
function rowsOf(data: object): string[] {
  return Object.entries(data)
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
    .map(([name, value]) => `${name}: ${oneLine(String(value))}`);
}

/** All mails of a case are in the thread of the mail about the case's opening. */
function threadOf({ key }: ReceivedMessage): string {
  return messageIdOf(`case/${key}/1`, "fact");
}

type MailContent = { readonly subject: string; readonly thread: string; readonly text: readonly string[] };

/** Makes a mail whose id comes from the event's id, so that a repeated mail has the same id. */
function toMail(event: ReceivedMessage, kind: "fact" | "page", { subject, thread, text }: MailContent): Mail {
  const messageId = messageIdOf(event.id, kind);
  return {
    ...(event.traceparent !== undefined && { traceparent: event.traceparent }),
    subject: oneLine(subject),
    text: `${text.join("\n")}\n`,
    messageId,
    ...(thread !== messageId && { thread }),
  };
}

function messageIdOf(eventId: string, kind: string): string {
  return createHash("sha256").update(`${kind}/${eventId}`).digest("hex").slice(0, 40);
}

/** Removes row breaks. A carrier chooses its own case ids, and such an id must not add a header or a row of text to a mail. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");
}
