import { expireKeys } from "@crossline/idempotency";
import type { Database } from "@crossline/postgres";
import { expireWaitingContacts } from "./waiting-contacts.ts";

/** Deletes stored responses after 24 hours and waiting contacts after 30 days. Returns the number of deleted responses. */
export async function expireRows(database: Database, rowsMax: number): Promise<number> {
  await expireWaitingContacts(database);
  return expireKeys(database, rowsMax);
}
