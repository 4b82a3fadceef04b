import { createHash } from "node:crypto";
import { type ReceivedMessage, formatInstant } from "@crossline/contracts";
import type { CaseRecord } from "../store/case-party.ts";
import type { Mail } from "../delivery/mailer.ts";
import { eventDataOf } from "./payload.ts";

/** A fact about a case as a mail, for who subscribed. What is in the fact's subject stays out of it. */
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

/** A page as a mail: which case, why, and how to take it. */
export function toPageMail(event: ReceivedMessage, record: CaseRecord, text: string): Mail {
  return toMail(event, "page", `[Crossline] PAGE: ${caseNameOf(record)}`, [text]);
}

function caseNameOf({ carrierCaseId, carrier }: CaseRecord): string {
  return `case ${oneLine(carrierCaseId)} of ${carrier}`;
}

/** Ids are made of the event's: a mail that is sent twice is known by it, and all of a case follow the one of its opening. */
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

/** A carrier's own case id is its own words: none of them may become another line of a header, or of the text. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");
}
