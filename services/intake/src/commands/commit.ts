import type { Database, Tx } from "@crossline/postgres";

/** Work whose last statements are sent but not finished. */
type PendingWrites = { readonly saving: Promise<unknown> };
type Settings = Parameters<Database["transaction"]>[1];

/**
 * Runs a transaction that does not wait for its last writes, so that one packet contains them and the commit. Rejects with the error of
 * a write rather than with that of the commit.
 */
export async function commitWithWrites<Work extends PendingWrites>(
  database: Database,
  work: (tx: Tx) => Promise<Work>,
  settings?: Settings,
): Promise<Work> {
  let saving: Promise<unknown> | undefined;
  try {
    return await database.transaction(async (tx) => {
      const result = await work(tx);
      saving = result.saving;
      return result;
    }, settings);
  } catch (error) {
    await saving; // throws the statement's error, which is more exact than the commit's
    throw error;
  }
}
