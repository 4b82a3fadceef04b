import { type DeadlinePlace, type Refusal, caseId, refusal } from "@crossline/contracts";
import { z } from "zod";
import type { CasePlace } from "../store/case-lists.ts";
import type { EntryPlace } from "../store/dossier-lists.ts";

const number = z.int().min(0).max(1e9);
const latest = 253_402_300_799_999; // the end of the year 9999
const handling = z.string().regex(/^hd_[0-9a-z]{1,64}$/);
const place = z.tuple([z.int().min(-latest).max(latest), caseId]);

/** Where the next page of a numbered list begins. */
export function numberCursor(after: number): string {
  return encode(after);
}

/** Reads it back; 0 where there is none. */
export function readNumberCursor(text: string | undefined): number | Refusal {
  return text === undefined ? 0 : decode(text, number);
}

/** Where the next page of the entries of a case begins: it says no number but those of entries that its reader has read. */
export function entryCursor({ shared, internal }: EntryPlace): string {
  return encode([shared, internal]);
}

/** Reads it back; the beginning where there is none. */
export function readEntryCursor(text: string | undefined): EntryPlace | Refusal {
  if (text === undefined) return { shared: 0, internal: 0 };
  const read = decode(text, z.tuple([number, number]));
  if ("code" in read) return read;
  const [shared, internal] = read;
  return { shared, internal };
}

/** Where the next page of the handlings of a case begins. Their numbers count events that a reader may not know of. */
export function handlingCursor(handlingId: string): string {
  return encode(handlingId);
}

/** Reads it back; empty where there is none. */
export function readHandlingCursor(text: string | undefined): string | Refusal {
  return text === undefined ? "" : decode(text, handling);
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

/** Where the next page of cases begins that are ordered by what is due next. It is no place in another order, and says so. */
export function duePlaceCursor({ at, caseId: id }: DeadlinePlace): string {
  return encode(["due", at, id]);
}

export function readDuePlaceCursor(text: string | undefined): DeadlinePlace | undefined | Refusal {
  if (text === undefined) return undefined;
  const read = decode(text, z.tuple([z.literal("due"), ...place.def.items]));
  if ("code" in read) return read;
  const [, at, id] = read;
  return { at, caseId: id };
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
