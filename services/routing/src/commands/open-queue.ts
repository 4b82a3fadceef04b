import { type Refusal, refusal } from "@crossline/contracts";
import type { OpenQueue } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { pollUntilFound } from "@crossline/service";
import { findOpenQueues, lockOpenQueues, saveOpenQueue } from "../store/open-queues.ts";
import { unknownParties } from "../store/parties.ts";

const queuesMax = 200;

/** Opens a vendor's queue to all carriers, to some, or to none. Hand-offs that are already in the queue stay in the queue. */
export async function openQueue(database: Database, vendor: string, open: OpenQueue): Promise<Refusal | undefined> {
  const unknown = await unknownCarriers(database, vendor, open.carriers ?? []);
  if (unknown.length > 0) {
    const at = (name: string) => `/carriers/${open.carriers?.indexOf(name) ?? 0}`;
    const fields = unknown.map((name) => ({ at: at(name), message: `no carrier named ${name} is registered` }));
    return refusal("unknown_party", `There is no carrier named ${unknown.join(" or ")}.`, { fields });
  }
  return database.transaction(async (tx) => {
    await lockOpenQueues(tx, vendor);
    const opened = await findOpenQueues(tx, [vendor]);
    if (opened.length >= queuesMax && !opened.some(({ queue }) => queue === open.queue))
      return refusal("limit_reached", `A vendor can name at most ${queuesMax} queues.`);
    await saveOpenQueue(tx, vendor, open);
    return undefined;
  });
}

/** Refuses unknown carriers after a short wait, since routing may not have read a new party yet. */
async function unknownCarriers(database: Database, vendor: string, carriers: readonly string[]): Promise<string[]> {
  if (carriers.length === 0) return [];
  let unknown: string[] = [];
  await pollUntilFound(vendor, async () => {
    unknown = await unknownParties(database, "carrier", carriers);
    return unknown.length === 0 ? true : undefined;
  });
  return unknown;
}
