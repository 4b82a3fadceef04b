import { type Refusal, refusal } from "@crossline/contracts";
import type { z } from "zod";

/** Returns the place of the next result page as a text for `next`. Only `readCursor` reads this text. */
export function writeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/**
 * Reads the `cursor` of a query. Returns undefined if the query has no cursor, and `invalid_request` if no result page of this
 * list can have returned the cursor.
 */
export function readCursor<Place extends z.ZodType>(
  cursor: string | undefined,
  place: Place,
): z.output<Place> | undefined | Refusal {
  if (cursor === undefined) return undefined;
  try {
    const read = place.safeParse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
    if (read.success) return read.data;
  } catch {
    // This cursor is not JSON, so no result page has returned it.
  }
  const message = "must be the `next` of another result page";
  const fields = [{ at: "cursor", message }];
  return refusal("invalid_request", `The query is not valid: cursor ${message}.`, { fields });
}
