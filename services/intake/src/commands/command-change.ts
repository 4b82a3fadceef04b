import type { Instant, MessageOrigin, PresentedChange, Refusal } from "@crossline/contracts";
import { type AnnouncedChange, type ChangeOutcome, isRefused, noSuchChange } from "@crossline/domain";
import type { CommandResponse } from "@crossline/idempotency";
import type { Tx } from "@crossline/postgres";
import { presentAnnouncedChange } from "../responses/present-change.ts";
import { deleteEffects } from "../store/change-effects.ts";
import { lockChange, updateChange } from "../store/changes.ts";
import { deleteDatedTasks } from "../store/tasks.ts";
import { appendDecision } from "./announce-change.ts";

/** A company's command on a change. */
export type CommandOnChange = {
  readonly changeId: string;
  readonly party: string;
  readonly origin: MessageOrigin;
  readonly decide: (state: AnnouncedChange, at: Instant) => ChangeOutcome;
};

/**
 * Decides a command on a change, and saves the change with its events in the caller's transaction. A withdrawn change has no deadlines
 * left, and no further case is linked to it.
 */
export async function commandChange(
  tx: Tx,
  { changeId, party, origin, decide }: CommandOnChange,
  at: Instant,
): Promise<CommandResponse<PresentedChange> | Refusal> {
  const before = await lockChange(tx, changeId);
  if (before === undefined) return noSuchChange.refused;
  const outcome = decide(before, at);
  if (isRefused(outcome)) return outcome.refused;
  const { state, messages } = outcome;
  if (messages.length > 0) {
    await updateChange(tx, state);
    await appendDecision(tx, outcome, origin);
    if (state.withdrawn !== undefined) await Promise.all([deleteEffects(tx, state), deleteDatedTasks(tx, changeId)]);
  }
  return { status: 200, body: presentAnnouncedChange(state, party) };
}
