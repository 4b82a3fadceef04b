import { type Refusal, refusal } from "@crossline/contracts";
import type { z } from "zod";

/** Where the next page of a list begins, as text for `next`. Only `readCursor` reads it. */
export function writeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** Reads a `cursor` of a query; undefined without one, `invalid_request` for a text that no page of this list gave. */
export function readCursor<Place extends z.ZodType>(
  cursor: string | undefined,
  place: Place,
): z.output<Place> | undefined | Refusal {
  if (cursor === undefined) return undefined;
  try {
    const read = place.safeParse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
    if (read.success) return read.data;
  } catch {
    // No JSON: no page gave it.
  }
  const message = "must be the `next` of another page";
  const fields = [{ at: "cursor", message }];
  return refusal("invalid_request", `The query does not fit: cursor ${message}.`, { fields });
}
