import { type Refusal, refusal, topics } from "@crossline/contracts";
import { eventOf } from "@crossline/domain";
import { appendToOutbox, saveRemovedTimelines, removalKey } from "@crossline/messaging";
import { type Tx, now } from "@crossline/postgres";
import { deleteTimeline, tryLockImport } from "../store/timelines.ts";

/**
 * Removes an import: it is unknown from the commit on, every partition is told behind its rows, and workers of each service
 * delete what they have of it. Its records stay on the topics.
 */
export async function removeImport(tx: Tx, id: string, partitions: number): Promise<Refusal | undefined> {
  if (!(await tryLockImport(tx, id, "transaction"))) {
    return refusal("import_in_progress", "Wait until the import that is running has ended, or stop it.", {
      retryAfterSeconds: 1,
    });
  }
  if (!(await deleteTimeline(tx, id))) return refusal("not_found", "You have no timeline with this id.");
  const time = await now(tx);
  const told = Array.from({ length: partitions }, (_, partition) =>
    eventOf(
      "timeline.removed",
      {},
      { topic: topics.case, key: removalKey(id, partition), partition, sequence: 1, time, timeline: id },
    ),
  );
  await Promise.all([saveRemovedTimelines(tx, [id]), appendToOutbox(tx, told)]);
  return undefined;
}
