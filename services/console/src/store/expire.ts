import type { Database } from "@crossline/postgres";
import { deleteExpiredSessions } from "./sessions.ts";
import { deleteExpiredLinks } from "./sign-in-links.ts";

/** Deletes expired sessions and sign-in links. Returns the larger of both numbers, so that a full batch is followed by another. */
export async function expireRows(database: Database, rowsMax: number): Promise<number> {
  return Math.max(await deleteExpiredSessions(database, rowsMax), await deleteExpiredLinks(database, rowsMax));
}
