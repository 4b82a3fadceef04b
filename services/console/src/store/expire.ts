import type { Database } from "@crossline/postgres";
import { deleteExpiredSessions } from "./sessions.ts";
import { deleteExpiredLinks } from "./sign-in-links.ts";
import { deleteExpiredSignIns } from "./sign-ins.ts";

/** Deletes expired sessions, sign-in links and sign-ins. Returns the largest number, so that a full batch is followed by another. */
export async function expireRows(database: Database, rowsMax: number): Promise<number> {
  return Math.max(
    await deleteExpiredSessions(database, rowsMax),
    await deleteExpiredLinks(database, rowsMax),
    await deleteExpiredSignIns(database, rowsMax),
  );
}
