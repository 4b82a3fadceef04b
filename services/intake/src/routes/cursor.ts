import { type Refusal, caseId, refusal } from "@crossline/contracts";
import { z } from "zod";
import type { CasePlace } from "../store/case-parties.ts";

const number = z.int().min(0).max(1e9);
const latest = 253_402_300_799_999; // the end of the year 9999
const place = z.tuple([z.int().min(-latest).max(latest), caseId]);

/** Where the next page of a numbered list begins. */
export function numberCursor(after: number): string {
  return encode(after);
}

/** Reads it back; 0 where there is none. */
export function readNumberCursor(text: string | undefined): number | Refusal {
  return text === undefined ? 0 : decode(text, number);
}

export function placeCursor({ openedAt, id }: CasePlace): string {
  return encode([openedAt, id]);
}

export function readPlaceCursor(text: string | undefined): CasePlace | undefined | Refusal {
  if (text === undefined) return undefined;
  const read = decode(text, place);
  if ("code" in read) return read;
  const [openedAt, id] = read;
  return { openedAt, id };
}

/** Cursors are nobody's to read but ours. */
function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decode<T>(text: string, schema: z.ZodType<T>): T | Refusal {
  try {
    const read = schema.safeParse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    if (read.success) return read.data;
  } catch {
    // Not ours, whatever it is.
  }
  const fields = [{ at: "cursor", message: "must be the `next` of another page" }];
  return refusal("invalid_request", "The query does not fit: cursor must be the `next` of another page.", { fields });
}
