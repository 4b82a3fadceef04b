import type { HandoffEvent, QueueEvent } from "@crossline/contracts";
import type { CaseCrossing, CrossingAccessChange } from "@crossline/domain";
import { appendToOutbox } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import { saveCases } from "./case-crossings.ts";
import { saveAccessChanges } from "./case-views.ts";
import { changesOf } from "./handoff-changes.ts";
import { saveHandoffs } from "./handoffs.ts";
import { type KnownFix, saveKnownFixes } from "./known-errors.ts";
import { insertMissingSkills } from "./missing-skills.ts";
import { saveAssignments } from "./pool-assignments.ts";
import { assignmentChanges, missingSkillRows } from "./pool-changes.ts";

/**
 * The result of consecutive decisions on one case. `before` is the locked state of the case before the first decision; undefined
 * for a new case.
 */
export type CaseDecisions = {
  readonly before: CaseCrossing | undefined;
  state: CaseCrossing;
  readonly messages: (HandoffEvent | QueueEvent)[];
  readonly accessChanges: CrossingAccessChange[];
};

/** Saves decisions: states, hand-offs, assignments, case access, known errors and the outbox. All statements take one round trip. */
export async function saveDecisions(tx: Tx, decisions: readonly CaseDecisions[]): Promise<void> {
  const changes = decisions.map(({ before, state, messages }) => changesOf(before, state, messages));
  await Promise.all([
    saveCases(
      tx,
      decisions.map(({ state }) => state),
    ),
    saveHandoffs(tx, {
      offered: changes.flatMap(({ offered }) => offered),
      changed: changes.flatMap(({ changed }) => changed),
    }),
    saveAccessChanges(
      tx,
      decisions.flatMap(({ accessChanges }) => accessChanges),
    ),
    saveKnownFixes(tx, decisions.flatMap(knownFixesOf)),
    saveAssignments(
      tx,
      decisions.flatMap(({ before, state, messages }) => assignmentChanges(before, state, messages)),
    ),
    insertMissingSkills(
      tx,
      decisions.flatMap(({ state, messages }) => missingSkillRows(state, messages)),
    ),
    appendToOutbox(
      tx,
      decisions.flatMap(({ messages }) => messages),
    ),
  ]);
}

/** Returns the fixes of a case, if the case has a symptom and a model, and otherwise an empty list. */
function knownFixesOf({ state, messages }: CaseDecisions): KnownFix[] {
  const { symptom, device } = state.material;
  const model = device?.model;
  if (symptom === undefined || model === undefined) return [];
  const { timeline } = state;
  return messages.flatMap((message) =>
    message.type === "handoff.resolved"
      ? [{ timeline, vendor: message.data.vendor, symptom, model, fixCode: message.data.fixCode }]
      : [],
  );
}
