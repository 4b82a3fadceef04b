import { type Cause, type Instant, topics } from "@crossline/contracts";
import type { AuditedCase, TailRecord } from "./audited-case.ts";
import type { Counts } from "./case-state.ts";
import { type LineOf, follow } from "./follow.ts";
import type { Happening } from "./happening.ts";
import { type Noun, longer, otherThan } from "./runs.ts";

/** As many runs as a clock fact can tell of. */
const tailMax = 64;
/** A record of the other topic that comes later than this without knowing of one, as good as never does. */
const settledAfterMs = 600_000;

/** Adds a record that has just been read. Where the tail becomes too long or too old its beginning is applied as it was read. */
export function addToTail(on: AuditedCase, happening: Happening, now: Instant, lineOf: LineOf): void {
  const record = recordOf(happening, now);
  on.tail = [...on.tail, record];
  on.read[record.noun] = record.sequence;
  for (let oldest = on.tail[0]; oldest !== undefined; oldest = on.tail[0]) {
    if (on.tail.length <= tailMax && oldest.readAt >= now - settledAfterMs) return;
    on.ahead = longer(on.ahead, oldest.noun);
    on.isGuess = true;
    applyNext(on, oldest.noun, lineOf);
  }
}

/** The next record of a topic; undefined where it has not been read, or its causes forbid that it is applied next. */
export function nextOf(tail: readonly TailRecord[], noun: Noun, applied: Counts): TailRecord | undefined {
  const next = tail.find((record) => record.noun === noun);
  const isNext = next !== undefined && next.sequence === applied[noun] + 1 && next.knew <= applied[otherThan(noun)];
  return isNext ? next : undefined;
}

/** Applies the next record of a topic, whatever its causes. */
export function applyNext(on: AuditedCase, noun: Noun, lineOf: LineOf): void {
  const record = on.tail.find((each) => each.noun === noun);
  if (record === undefined) return;
  on.tail = on.tail.filter((each) => each !== record);
  applyTo(on, on.ordered, record, lineOf);
}

/** Applies a record to a state of the case. */
export function applyTo(
  { caseId, timeline }: AuditedCase,
  state: AuditedCase["ordered"],
  { noun, sequence, type, time, data }: TailRecord,
  lineOf: LineOf,
): void {
  const happening = { topic: topics[noun], key: caseId, timeline, sequence, type, time, data } as unknown as Happening;
  follow(state, happening, lineOf);
  state.applied = { ...state.applied, [noun]: sequence };
}

/** All that the rules ask for: no words of people. */
const asked = [
  "accountable",
  "acceptWithin",
  "by",
  "clocks",
  "content",
  "direction",
  "for",
  "handlingId",
  "handoffId",
  "kept",
  "kind",
  "line",
  "maximum",
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
];
/** Where the reason is a code. */
const reasoned: readonly Happening["type"][] = ["case.closed", "handoff.offered", "roster.paged"];

function recordOf({ topic, type, sequence, time, after = [], data }: Happening, readAt: Instant): TailRecord {
  const noun = topic === topics.case ? "case" : "handoff";
  const { party, automated } = data.actor;
  const all: Readonly<Record<string, unknown>> = data;
  const kept: Record<string, unknown> = { actor: { party, automated } };
  for (const field of reasoned.includes(type) ? [...asked, "reason"] : asked)
    if (all[field] !== undefined) kept[field] = all[field];
  if (typeof all["step"] === "number") kept["step"] = all["step"]; // Of an entry it is what was tried.
  const other = topics[otherThan(noun)];
  const knew = after.find((cause: Cause) => cause.topic === other)?.sequence ?? 0;
  return { noun, sequence, type, time, knew, readAt, data: kept };
}
