import { resetInbox } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { deleteProjection } from "../store/positions.ts";

/**
 * Deletes all reported facts and the positions of the inbox, in one transaction. Every process then reads the topics from their first
 * record. A crash during the reading loses nothing, because the reading continues at the saved position.
 */
export async function rebuild(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    await resetInbox(tx);
    await deleteProjection(tx);
  });
}
