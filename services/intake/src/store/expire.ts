import { expireKeys } from "@crossline/idempotency";
import type { Database } from "@crossline/postgres";
import { expireWaitingContacts } from "./waiting-contacts.ts";

/** Deletes kept answers after 24 hours, and contacts of devices for which no case came; returns the number of answers. */
export async function expireRows(database: Database, rowsMax: number): Promise<number> {
  await expireWaitingContacts(database);
  return expireKeys(database, rowsMax);
}
