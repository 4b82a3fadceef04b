import { type Refusal, refusal, topics } from "@crossline/contracts";
import { eventOf } from "@crossline/domain";
import { appendToOutbox, saveRemovedTimelines, removalKey } from "@crossline/messaging";
import { type Tx, now } from "@crossline/postgres";
import { deleteTimeline, tryLockImport } from "../store/timelines.ts";

/**
 * Removes an import. After the commit, no request finds the import. Every partition receives the event `timeline.removed` after the
 * records of the import. When the event arrives, a loop in each service deletes the rows of the import. The records of the import
 * stay on the topics.
 */
export async function removeImport(tx: Tx, id: string, partitions: number): Promise<Refusal | undefined> {
  if (!(await tryLockImport(tx, id, "transaction"))) {
    return refusal(
      "import_in_progress",
      "An import into this timeline is running. Stop it, or wait until it has ended.",
      {
        retryAfterSeconds: 1,
      },
    );
  }
  if (!(await deleteTimeline(tx, id))) return refusal("not_found", "You have no timeline with this id.");
  const time = await now(tx);
  const events = Array.from({ length: partitions }, (_, partition) =>
    eventOf(
      "timeline.removed",
      {},
      { topic: topics.case, key: removalKey(id, partition), partition, sequence: 1, time, timeline: id },
    ),
  );
  await Promise.all([saveRemovedTimelines(tx, [id]), appendToOutbox(tx, events)]);
  return undefined;
}
