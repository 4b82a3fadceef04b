import type { HandoffEvent, QueueEvent } from "@crossline/contracts";
import type { CaseCrossing, CrossingAccessChange } from "@crossline/domain";
import { appendToOutbox } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import { saveCases } from "./case-crossings.ts";
import { saveAccessChanges } from "./case-views.ts";
import { changesOf } from "./handoff-changes.ts";
import { saveHandoffs } from "./handoffs.ts";
import { type KnownFix, saveKnownFixes } from "./known-errors.ts";

/** What one or more decisions in a row made of one case. `before` is what the transaction has locked. */
export type CaseDecisions = {
  readonly before: CaseCrossing | undefined;
  state: CaseCrossing;
  readonly messages: (HandoffEvent | QueueEvent)[];
  readonly accessChanges: CrossingAccessChange[];
};

/** Stores decisions: states, the table of hand-offs, the outbox. All statements travel in one round trip. */
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
    appendToOutbox(
      tx,
      decisions.flatMap(({ messages }) => messages),
    ),
  ]);
}

/** Cures of a symptom of a model that is known; others teach nothing. */
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
