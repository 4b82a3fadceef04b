import { createHash } from "node:crypto";
import { type ReceivedMessage, formatInstant } from "@crossline/contracts";
import { eventDataOf } from "@crossline/domain";
import type { CaseRecord } from "../store/case-party.ts";
import type { Mail } from "../delivery/compose-mail.ts";

/** Makes the mail of an event for a subscription. The mail omits the event's `subject`. */
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

/** Makes the mail of a page. The mail names the case, the reason and the request that takes the case. */
export function toPageMail(event: ReceivedMessage, record: CaseRecord, text: string): Mail {
  return toMail(event, "page", `[Crossline] PAGE: ${caseNameOf(record)}`, [text]);
}

function caseNameOf({ carrierCaseId, carrier }: CaseRecord): string {
  return `case ${oneLine(carrierCaseId)} of ${carrier}`;
}

/**
 * Makes a mail whose id comes from the event's id, so that a repeated mail has the same id. All mails of a case are in the thread
 * of the mail about the case's opening.
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

/** Removes row breaks. A carrier chooses its own case ids, and such an id must not add a header or a row of text to a mail. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");
}
