import { topics } from "@crossline/contracts";
import { forgetKeys } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { deleteExpiredSessions } from "./sessions.ts";
import { deleteExpiredLinks } from "./sign-in-links.ts";
import { deleteExpiredSignIns } from "./sign-ins.ts";

/** Deletes expired sessions, links and sign-ins, and the keys of the action topic, each of which has one record. Returns the largest number, so that a full batch is followed by another. */
export async function expireRows(database: Database, rowsMax: number): Promise<number> {
  return Math.max(
    await deleteExpiredSessions(database, rowsMax),
    await deleteExpiredLinks(database, rowsMax),
    await deleteExpiredSignIns(database, rowsMax),
    await forgetKeys(database, topics.action, rowsMax),
  );
}
