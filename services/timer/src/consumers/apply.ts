import { type ReceivedMessage, type ReceivedEvent, eventsByTopic, topics } from "@crossline/contracts";
import { applyParties } from "@crossline/access";
import { saveRemovedTimelines } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import { applyLines, applyMarks } from "@crossline/projection";
import type { Lines } from "../store/lines.ts";
import type { AppliedBatch } from "./applied-batch.ts";
import { applyCaseEvents } from "./case-events.ts";
import type { CaseInput } from "./case-input.ts";

/** The event types that the timer applies. The consumer skips all other types. */
export const readTypes: ReadonlySet<string> = new Set([
  ...Object.keys(eventsByTopic[topics.case]),
  ...Object.keys(eventsByTopic[topics.handoff]),
  "line.published",
  ...Object.keys(eventsByTopic[topics.party]),
]);

/**
 * Applies one batch of records in the caller's transaction. The batch contains no duplicate, and the records of each case are in
 * order.
 */
export async function apply(tx: Tx, lines: Lines, events: readonly ReceivedMessage[]): Promise<AppliedBatch> {
  const { cases, marks, removed } = sort(events);
  await saveRemovedTimelines(tx, removed);
  await applyLines(tx, events);
  await applyParties(tx, events);
  const moved = await applyMarks(tx, marks);
  if (cases.length === 0) return { caseIds: new Set(), armed: [], behindMark: moved, clockEvents: [] };
  const applied = await applyCaseEvents(tx, lines, cases);
  return { ...applied, behindMark: [...applied.behindMark, ...moved] };
}

function sort(events: readonly ReceivedMessage[]) {
  const cases: CaseInput[] = [];
  const marks: ReceivedEvent<"timeline.marked">[] = [];
  const removed: string[] = [];
  for (const event of events) {
    if (event.type === "timeline.removed") removed.push(event.timeline);
    else if (event.type === "timeline.marked") marks.push(event as ReceivedEvent<"timeline.marked">);
    else if (event.topic === topics.case || event.topic === topics.handoff) cases.push(event as CaseInput);
  }
  return { cases, marks, removed };
}
