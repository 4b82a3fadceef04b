import { type Cause, type Instant, topics } from "@crossline/contracts";
import type { AuditedCase, TailRecord } from "./audited-case.ts";
import type { Counts } from "./case-state.ts";
import { type LineOf, applyEvent } from "./apply-event.ts";
import type { AuditedEvent } from "./audited-event.ts";
import { type Noun, addToRuns, otherNoun } from "./runs.ts";

/** The maximum number of records in the tail, which is also the maximum number of runs in the order of a clock event. */
const tailMax = 64;
/** The maximum age of a record in the tail. Almost every new record names an older record of the other topic as a cause. */
const tailAgeMaxMs = 600_000;

/** Adds a new record to the tail. If the tail then has too many or too old records, applies the oldest records in the read order. */
export function addToTail(audited: AuditedCase, event: AuditedEvent, now: Instant, lineOf: LineOf): void {
  const record = recordOf(event, now);
  audited.tail = [...audited.tail, record];
  audited.read[record.noun] = record.sequence;
  for (let oldest = audited.tail[0]; oldest !== undefined; oldest = audited.tail[0]) {
    if (audited.tail.length <= tailMax && oldest.readAt >= now - tailAgeMaxMs) return;
    audited.ahead = addToRuns(audited.ahead, oldest.noun);
    audited.isGuess = true;
    applyNext(audited, oldest.noun, lineOf);
  }
}

/** Returns the next record of a topic, or undefined if the auditor has not read the record or has not applied the record's cause. */
export function nextOf(tail: readonly TailRecord[], noun: Noun, applied: Counts): TailRecord | undefined {
  const next = tail.find((record) => record.noun === noun);
  const isNext = next !== undefined && next.sequence === applied[noun] + 1 && next.knew <= applied[otherNoun(noun)];
  return isNext ? next : undefined;
}

/**
 * Applies the next record of a topic to the ordered state. The caller must check that the auditor has applied the cause of the
 * record.
 */
export function applyNext(audited: AuditedCase, noun: Noun, lineOf: LineOf): void {
  const record = audited.tail.find((each) => each.noun === noun);
  if (record === undefined) return;
  audited.tail = audited.tail.filter((each) => each !== record);
  applyTo(audited, audited.ordered, record, lineOf);
}

/** Applies a record to a state of the case. */
export function applyTo(
  { caseId, timeline }: AuditedCase,
  state: AuditedCase["ordered"],
  { noun, sequence, type, time, data }: TailRecord,
  lineOf: LineOf,
): void {
  const event = { topic: topics[noun], key: caseId, timeline, sequence, type, time, data } as unknown as AuditedEvent;
  applyEvent(state, event, lineOf);
  state.applied = { ...state.applied, [noun]: sequence };
}

/** The fields of an event that the rules need. No field contains text that a person wrote. */
const keptFields = [
  "accountable",
  "acceptWithin",
  "assignmentId",
  "by",
  "clocks",
  "content",
  "direction",
  "for",
  "handlingId",
  "handoffId",
  "holder",
  "incidentId",
  "kept",
  "kind",
  "line",
  "maximum",
  "messageId",
  "needBy",
  "news",
  "next",
  "pageId",
  "promiseId",
  "promisor",
  "queue",
  "roster",
  "status",
  "to",
  "until",
  "vendor",
  "waitingOn",
  "wasSent",
];
/** The event types whose `reason` is a code. */
const typesWithReason: readonly AuditedEvent["type"][] = ["case.closed", "handoff.offered", "roster.paged"];

function recordOf({ topic, type, sequence, time, after = [], data }: AuditedEvent, readAt: Instant): TailRecord {
  const noun = topic === topics.case ? "case" : "handoff";
  const { party, automated } = data.actor;
  const all: Readonly<Record<string, unknown>> = data;
  const fields: Record<string, unknown> = { actor: { party, automated } };
  for (const field of typesWithReason.includes(type) ? [...keptFields, "reason"] : keptFields)
    if (all[field] !== undefined) fields[field] = all[field];
  if (typeof all["step"] === "number") fields["step"] = all["step"]; // In an entry, `step` is a tried step.
  const other = topics[otherNoun(noun)];
  const knew = after.find((cause: Cause) => cause.topic === other)?.sequence ?? 0;
  return { noun, sequence, type, time, knew, readAt, data: fields };
}
