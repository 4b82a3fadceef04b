import { applyParties } from "@crossline/access";
import {
  type ReceivedEvent,
  type ReceivedMessage,
  actionEvents,
  caseEvents,
  clockEvents,
  handoffEvents,
  partyEvents,
  topics,
} from "@crossline/contracts";
import { saveRemovedTimelines } from "@crossline/messaging";
import { actionsOf } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { applyLines, applyMarks } from "@crossline/projection";
import type { CompiledLines } from "@crossline/projection/compiled-lines";
import { appendActions } from "../store/actions.ts";
import { applyCaseFacts } from "./case-facts.ts";

/** The event types of these topics that the console applies. */
export const readTypes: ReadonlySet<string> = new Set([
  ...[caseEvents, handoffEvents, clockEvents, partyEvents, actionEvents].flatMap((events) => Object.keys(events)),
  "line.published",
]);

/**
 * Applies one batch of records in the caller's transaction. The batch contains no duplicate, and the records of each case are in
 * order within their topic.
 */
export async function apply(tx: Tx, lines: CompiledLines, events: readonly ReceivedMessage[]): Promise<void> {
  await applyParties(tx, events);
  await applyLines(tx, events);
  await saveRemovedTimelines(
    tx,
    events.filter(({ type }) => type === "timeline.removed").map(({ timeline }) => timeline),
  );
  await applyMarks(
    tx,
    events.filter((event): event is ReceivedEvent<"timeline.marked"> => event.type === "timeline.marked"),
  );
  const facts = events.filter(isOfCase);
  if (facts.length > 0) await applyCaseFacts(tx, lines, facts);
  // The last write, so that every transaction locks the heads of boards before the heads of the log.
  await appendActions(tx, events.flatMap(actionsOf));
}

const caseTopics: ReadonlySet<string> = new Set([topics.case, topics.handoff, topics.clock]);

function isOfCase({ topic, type }: ReceivedMessage): boolean {
  return caseTopics.has(topic) && !type.startsWith("timeline.");
}
