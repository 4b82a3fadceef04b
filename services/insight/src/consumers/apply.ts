import { type ReceivedEvent, type ReceivedMessage } from "@crossline/contracts";
import { applyParties } from "@crossline/access";
import { type ReportedCase, reportedCaseTypes, isReportedCaseEvent, nextReportedCase } from "@crossline/domain";
import { saveRemovedTimelines } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import { applyMarks } from "@crossline/projection";
import { type FormerDevice, insertFormerDevices } from "../store/former-devices.ts";
import { type HolderChange, insertHolderChanges } from "../store/holder-changes.ts";
import { loadCases, saveCases } from "../store/reported-cases.ts";
import { saveAssignments } from "../store/assignments.ts";
import { saveCrossings } from "../store/crossings.ts";
import { savePromises } from "../store/promises.ts";
import { assignmentChange, assignmentTypes } from "./assignment-changes.ts";
import { crossingChange, crossingTypes } from "./crossing-changes.ts";
import { endChange, holderChange } from "./holder-changes.ts";
import { promiseChange, promiseTypes } from "./promise-changes.ts";
import { mergeChanges } from "./merge-changes.ts";

/** The event types of these topics that insight applies. */
export const readTypes: ReadonlySet<string> = new Set([
  ...reportedCaseTypes,
  ...promiseTypes,
  ...crossingTypes,
  ...assignmentTypes,
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
  const { cases, changes, former } = await applyToCases(tx, events);
  await Promise.all([
    saveCases(tx, cases),
    insertFormerDevices(tx, former),
    insertHolderChanges(tx, [...changes, ...events.flatMap(holderChange)]),
    saveCrossings(
      tx,
      mergeChanges(events.flatMap(crossingChange), ({ handoffId }) => handoffId),
    ),
    saveAssignments(
      tx,
      mergeChanges(events.flatMap(assignmentChange), ({ assignmentId }) => assignmentId),
    ),
    savePromises(
      tx,
      mergeChanges(events.flatMap(promiseChange), ({ promiseId }) => promiseId),
    ),
  ]);
}

/** Returns the changed cases, the changes of their holders and ends, and the former values of corrected cases. */
async function applyToCases(tx: Tx, events: readonly ReceivedMessage[]) {
  const records = events.filter(isReportedCaseEvent);
  const opened = new Set(records.filter(({ type }) => type === "case.opened").map(({ key }) => key));
  const known = [...new Set(records.map(({ key }) => key).filter((key) => !opened.has(key)))].toSorted();
  const cases = new Map<string, ReportedCase>((await loadCases(tx, known)).map((row) => [row.caseId, row]));
  const changes: HolderChange[] = [];
  const former: FormerDevice[] = [];
  for (const event of records) {
    const before = cases.get(event.key);
    const after = nextReportedCase(before, event);
    if (after === undefined || after === before) continue;
    cases.set(event.key, after);
    changes.push(...endChange(before, after, event));
    if (before !== undefined && (before.device !== after.device || before.symptom !== after.symptom))
      former.push({ before, at: event.time, sequence: event.sequence });
  }
  return { cases: [...cases.values()], changes, former };
}
