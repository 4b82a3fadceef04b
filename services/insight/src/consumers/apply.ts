import { type ReceivedEvent, type ReceivedMessage, topics } from "@crossline/contracts";
import { applyParties } from "@crossline/access";
import { type ReportedCase, reportedCaseTypes, isReportedCaseEvent, nextReportedCase } from "@crossline/domain";
import { saveRemovedTimelines } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import { applyMarks } from "@crossline/projection";
import { type HolderChange, insertHolderChanges } from "../store/holder-changes.ts";
import { loadCases, saveCases } from "../store/reported-cases.ts";
import { saveCrossings } from "../store/crossings.ts";
import { savePromises } from "../store/promises.ts";
import { crossingChange, crossingTypes } from "./crossing-changes.ts";
import { endChange, holderChange } from "./holder-changes.ts";
import { promiseChange, promiseTypes } from "./promise-changes.ts";
import { mergeChanges } from "./merge-changes.ts";

/** The topics that insight reads. The party topic has the API keys of the readers. */
export const readTopics = [topics.case, topics.handoff, topics.party] as const;

/** The event types of these topics that insight applies. */
export const readTypes: ReadonlySet<string> = new Set([
  ...reportedCaseTypes,
  ...promiseTypes,
  ...crossingTypes,
  "timeline.marked",
  "timeline.removed",
  "party.recorded",
  "installation.recorded",
]);

/**
 * Applies one batch of records in the caller's transaction. The batch contains no duplicate, and the records of each case are in
 * order within their topic.
 */
export async function apply(tx: Tx, events: readonly ReceivedMessage[]): Promise<void> {
  await applyParties(tx, events);
  await saveRemovedTimelines(
    tx,
    events.filter(({ type }) => type === "timeline.removed").map(({ timeline }) => timeline),
  );
  await applyMarks(
    tx,
    events.filter((event): event is ReceivedEvent<"timeline.marked"> => event.type === "timeline.marked"),
  );
  const { cases, changes } = await applyCaseFacts(tx, events);
  await Promise.all([
    saveCases(tx, cases),
    insertHolderChanges(tx, [...changes, ...events.flatMap(holderChange)]),
    saveCrossings(
      tx,
      mergeChanges(events.flatMap(crossingChange), ({ handoffId }) => handoffId),
    ),
    savePromises(
      tx,
      mergeChanges(events.flatMap(promiseChange), ({ promiseId }) => promiseId),
    ),
  ]);
}

async function applyCaseFacts(tx: Tx, events: readonly ReceivedMessage[]) {
  const facts = events.filter(isReportedCaseEvent);
  const opened = new Set(facts.filter(({ type }) => type === "case.opened").map(({ key }) => key));
  const known = [...new Set(facts.map(({ key }) => key).filter((key) => !opened.has(key)))].toSorted();
  const cases = new Map<string, ReportedCase>((await loadCases(tx, known)).map((row) => [row.caseId, row]));
  const changes: HolderChange[] = [];
  for (const event of facts) {
    const before = cases.get(event.key);
    const after = nextReportedCase(before, event);
    if (after === undefined || after === before) continue;
    cases.set(event.key, after);
    changes.push(...endChange(before, after, event));
  }
  return { cases: [...cases.values()], changes };
}
