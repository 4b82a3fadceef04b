import { type DeadlineCursor, type Refusal, caseId } from "@crossline/contracts";
import { isRefusal, readCursor, writeCursor } from "@crossline/service";
import { z } from "zod";
import type { CasePlace } from "../store/case-lists.ts";
import type { EntryPlace } from "../store/dossier-lists.ts";

const number = z.int().min(0).max(1e9);
const latest = 253_402_300_799_999; // the end of the year 9999
const handling = z.string().regex(/^hd_[0-9a-z]{1,64}$/);
const place = z.tuple([z.int().min(-latest).max(latest), caseId]);

/** Where the next page of a numbered list begins. */
export function numberCursor(after: number): string {
  return writeCursor(after);
}

/** Reads it back; 0 where there is none. */
export function readNumberCursor(text: string | undefined): number | Refusal {
  return readCursor(text, number) ?? 0;
}

/** Where the next page of the entries of a case begins: it says no number but those of entries that its reader has read. */
export function entryCursor({ shared, internal }: EntryPlace): string {
  return writeCursor([shared, internal]);
}

/** Reads it back; the beginning where there is none. */
export function readEntryCursor(text: string | undefined): EntryPlace | Refusal {
  const read = readCursor(text, z.tuple([number, number]));
  if (isRefusal(read)) return read;
  const [shared, internal] = read ?? [0, 0];
  return { shared, internal };
}

/** Where the next page of the handlings of a case begins. Their numbers count events that a reader may not know of. */
export function handlingCursor(handlingId: string): string {
  return writeCursor(handlingId);
}

/** Reads it back; empty where there is none. */
export function readHandlingCursor(text: string | undefined): string | Refusal {
  return readCursor(text, handling) ?? "";
}

export function placeCursor({ openedAt, id }: CasePlace): string {
  return writeCursor([openedAt, id]);
}

export function readPlaceCursor(text: string | undefined): CasePlace | undefined | Refusal {
  const read = readCursor(text, place);
  if (read === undefined || isRefusal(read)) return read;
  const [openedAt, id] = read;
  return { openedAt, id };
}

/** Where the next page of cases begins that are ordered by what is due next. It is no place in another order, and says so. */
export function duePlaceCursor({ at, caseId: id }: DeadlineCursor): string {
  return writeCursor(["due", at, id]);
}

export function readDuePlaceCursor(text: string | undefined): DeadlineCursor | undefined | Refusal {
  const read = readCursor(text, z.tuple([z.literal("due"), ...place.def.items]));
  if (read === undefined || isRefusal(read)) return read;
  const [, at, id] = read;
  return { at, caseId: id };
}
