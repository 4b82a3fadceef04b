import type { Database, Tx } from "@crossline/postgres";

/** Work in a transaction whose last statements have been sent but have not finished. */
type PendingWrites = { readonly saving: Promise<unknown> };
type Settings = Parameters<Database["transaction"]>[1];

/**
 * Runs a transaction and sends the commit without a wait for the last writes, so that one packet contains both. If a write fails,
 * rejects with the error of the write and not with the error of the commit.
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
    await saving; // throws the error of the write, because it is more exact than the error of the commit
    throw error;
  }
}
