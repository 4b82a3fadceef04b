import { expireKeys } from "@crossline/idempotency";
import type { Database } from "@crossline/postgres";
import { expireUploads } from "./skill-uploads.ts";

const uploadsMax = 100;

/** Deletes stored responses and uploads of skills after 24 hours. Returns the number of deleted responses. */
export async function expireRows(database: Database, rowsMax: number): Promise<number> {
  await expireUploads(database, uploadsMax);
  return expireKeys(database, rowsMax);
}
