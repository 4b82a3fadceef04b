import type { HandoffEvent, QueueEvent } from "@crossline/contracts";
import type { CaseCrossing, CrossingAccessChange } from "@crossline/domain";
import { appendToOutbox } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import { saveCases } from "./case-crossings.ts";
import { saveSights } from "./case-views.ts";
import { changesOf } from "./handoff-changes.ts";
import { saveHandoffs } from "./handoffs.ts";
import { type Cure, rememberCures } from "./known-errors.ts";

/** What one or more decisions in a row made of one case. `before` is what the transaction has locked. */
export type Decided = {
  readonly before: CaseCrossing | undefined;
  state: CaseCrossing;
  readonly messages: (HandoffEvent | QueueEvent)[];
  /** The sights of the case that they changed. */
  readonly sights: CrossingAccessChange[];
};

/** Stores decisions: states, the table of hand-offs, the outbox. All statements travel in one round trip. */
export async function saveDecisions(tx: Tx, decided: readonly Decided[]): Promise<void> {
  const changes = decided.map(({ before, state, messages }) => changesOf(before, state, messages));
  await Promise.all([
    saveCases(
      tx,
      decided.map(({ state }) => state),
    ),
    saveHandoffs(tx, {
      offered: changes.flatMap(({ offered }) => offered),
      changed: changes.flatMap(({ changed }) => changed),
    }),
    saveSights(
      tx,
      decided.flatMap(({ sights }) => sights),
    ),
    rememberCures(tx, decided.flatMap(curesOf)),
    appendToOutbox(
      tx,
      decided.flatMap(({ messages }) => messages),
    ),
  ]);
}

/** Cures of a symptom of a model that is known; others teach nothing. */
function curesOf({ state, messages }: Decided): Cure[] {
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
