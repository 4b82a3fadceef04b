import { type Refusal, refusal } from "@crossline/contracts";
import type { z } from "zod";

/** Where the next page begins, as text that nobody has to understand. */
export function writeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** Reads a cursor back; undefined where there is none, a refusal where it is not one of this list. */
export function readCursor<Place extends z.ZodType>(
  cursor: string | undefined,
  place: Place,
): z.output<Place> | undefined | { readonly refused: Refusal } {
  if (cursor === undefined) return undefined;
  try {
    return place.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
  } catch {
    const message = "must be the `next` of a page of this list";
    return {
      refused: refusal("invalid_request", `The query does not fit: cursor ${message}.`, {
        fields: [{ at: "cursor", message }],
      }),
    };
  }
}
