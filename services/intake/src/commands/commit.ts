import type { Database, Tx } from "@crossline/postgres";

/** Work whose statements are sent and not waited for. */
type PendingWrites = { readonly saving: Promise<unknown> };
type Settings = Parameters<Database["transaction"]>[1];

/** Runs a transaction that does not wait for its last writes, so that the commit is in their packet. Rejects as they do. */
export async function commitWithWrites<Work extends PendingWrites>(
  database: Database,
  work: (tx: Tx) => Promise<Work>,
  settings?: Settings,
): Promise<Work> {
  let saving: Promise<unknown> | undefined;
  try {
    return await database.transaction(async (tx) => {
      const sent = await work(tx);
      saving = sent.saving;
      return sent;
    }, settings);
  } catch (error) {
    await saving; // the statement's own error says more than the commit's
    throw error;
  }
}
