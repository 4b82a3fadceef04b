import { createHash } from "node:crypto";
import { type ReceivedMessage, formatInstant } from "@crossline/contracts";
import type { CaseRecord } from "../store/case-party.ts";
import type { Mail } from "../delivery/mailer.ts";
import { eventDataOf } from "./payload.ts";

/** Makes the mail of an event for a subscription. It leaves out the event's `subject`. */
export function toEventMail(event: ReceivedMessage, record: CaseRecord): Mail {
  const { subject: _, actor: __, ...data } = eventDataOf(event) as Record<string, unknown>;
  const lines = Object.entries(data)
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
    .map(([name, value]) => `${name}: ${oneLine(String(value))}`);
  const text = [
    `${event.type} at ${formatInstant(event.time)}`,
    `Case ${oneLine(record.carrierCaseId)} of ${record.carrier} (${record.caseId})`,
    "",
    ...lines,
  ];
  return toMail(event, "fact", `[Crossline] ${caseNameOf(record)}`, text);
}

/** Makes the mail of a page: the case, the reason and the way to take the case. */
export function toPageMail(event: ReceivedMessage, record: CaseRecord, text: string): Mail {
  return toMail(event, "page", `[Crossline] PAGE: ${caseNameOf(record)}`, [text]);
}

function caseNameOf({ carrierCaseId, carrier }: CaseRecord): string {
  return `case ${oneLine(carrierCaseId)} of ${carrier}`;
}

/**
 * Makes a mail whose ids come from the event's id. A mail that is sent twice has the same id, and all mails of a case are in the
 * thread of the case's opening.
 */
function toMail(event: ReceivedMessage, kind: "fact" | "page", subject: string, text: readonly string[]): Mail {
  const messageId = messageIdOf(event.id, kind);
  const thread = messageIdOf(`case/${event.key}/1`, "fact");
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

/** Removes row breaks: a carrier chooses its own case ids, which must not add a header or a row of text. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");
}
