import { type Refusal, refusal } from "@crossline/contracts";
import type { z } from "zod";

/** Returns the place of the next result page as text for `next`. Only `readCursor` reads it. */
export function writeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/**
 * Reads the `cursor` of a query. Without a cursor it returns undefined. For a text that no result page of this list had, it
 * returns `invalid_request`.
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
    // No result page had this cursor, because it is not JSON.
  }
  const message = "must be the `next` of another result page";
  const fields = [{ at: "cursor", message }];
  return refusal("invalid_request", `The query is not valid: cursor ${message}.`, { fields });
}
