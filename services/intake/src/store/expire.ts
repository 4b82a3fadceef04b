import { expireKeys } from "@crossline/idempotency";
import type { Database } from "@crossline/postgres";
import { expireCandidates } from "./incident-candidates.ts";
import { expireWaitingContacts } from "./waiting-contacts.ts";

/** Deletes stored responses after 24 hours, waiting contacts after 30 days and candidates of incidents after 400 days. Returns the number of deleted responses. */
export async function expireRows(database: Database, rowsMax: number): Promise<number> {
  await expireWaitingContacts(database);
  await expireCandidates(database, rowsMax);
  return expireKeys(database, rowsMax);
}
