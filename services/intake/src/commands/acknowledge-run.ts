import { acknowledgeRun } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { lockCanary } from "../store/canary-mails.ts";
import { saveCanaryStep } from "../store/canary-steps.ts";

/**
 * Saves that the acknowledgement of a run arrived by mail, and makes the next step due. The worker that has the lease loses it. This
 * worker can only be at the stage that the acknowledgement has ended. Resolves to false if the run does not wait for the mail.
 */
export function saveAcknowledgement(
  database: Database,
  canaryId: string,
  found: { readonly runId: string; readonly caseId: string },
): Promise<boolean> {
  return database.transaction(async (tx) => {
    const stored = await lockCanary(tx, canaryId);
    if (stored === undefined) return false;
    const state = acknowledgeRun(stored.state, stored, found, stored.now);
    if (state.run?.stage !== "read-back" || stored.state.run?.stage === "read-back") return false;
    await saveCanaryStep(tx, { id: canaryId, state, stepAt: stored.now });
    return true;
  });
}
