import { type DeadlineCursor, type Refusal, caseId, changeId } from "@crossline/contracts";
import { isRefusal, readCursor, writeCursor } from "@crossline/service";
import { z } from "zod";
import type { CasePlace } from "../store/case-lists.ts";
import type { ChangePlace } from "../store/changes.ts";
import type { EntryPlace } from "../store/dossier-lists.ts";

const number = z.int().min(0).max(1e9);
const latest = 253_402_300_799_999; // The instant at the end of the year 9999.
const handling = z.string().regex(/^hd_[0-9a-z]{1,64}$/);
const incident = z.string().regex(/^ic_[0-9a-z]{1,64}$/);
const incidentPlace = z.tuple([z.literal("incident"), z.int().min(-latest).max(latest), incident]);
const place = z.tuple([z.int().min(-latest).max(latest), caseId]);

const problemPlace = z.tuple([z.int().min(-latest).max(latest), z.string().regex(/^pb_[0-9a-z]{26}$/)]);

/** Returns the cursor for the next result page of a numbered list. */
export function numberCursor(after: number): string {
  return writeCursor(after);
}

/** Reads a cursor that `numberCursor` created. Without a cursor, returns 0. */
export function readNumberCursor(text: string | undefined): number | Refusal {
  return readCursor(text, number) ?? 0;
}

/**
 * Returns the cursor for the next result page of entries. The cursor reveals only the numbers of entries that the reader has already
 * read.
 */
export function entryCursor({ shared, internal }: EntryPlace): string {
  return writeCursor([shared, internal]);
}

/** Reads a cursor that `entryCursor` created. Without a cursor, returns the beginning of the list. */
export function readEntryCursor(text: string | undefined): EntryPlace | Refusal {
  const read = readCursor(text, z.tuple([number, number]));
  if (isRefusal(read)) return read;
  const [shared, internal] = read ?? [0, 0];
  return { shared, internal };
}

/**
 * Returns the cursor for the next result page of handlings. The cursor contains an id. A number would reveal how many events the reader
 * is not allowed to read.
 */
export function handlingCursor(handlingId: string): string {
  return writeCursor(handlingId);
}

/** Reads a cursor that `handlingCursor` created. Without a cursor, returns an empty text. */
export function readHandlingCursor(text: string | undefined): string | Refusal {
  return readCursor(text, handling) ?? "";
}

/** Returns the cursor for the next result page of a list with the newest cases first. */
export function placeCursor({ openedAt, id }: CasePlace): string {
  return writeCursor([openedAt, id]);
}

/** Reads a cursor that `placeCursor` created. Without a cursor, returns undefined. */
export function readPlaceCursor(text: string | undefined): CasePlace | undefined | Refusal {
  const read = readCursor(text, place);
  if (read === undefined || isRefusal(read)) return read;
  const [openedAt, id] = read;
  return { openedAt, id };
}

/** Returns the cursor for the next result page of a list with the newest changes first. */
export function changePlaceCursor({ announcedAt, id }: ChangePlace): string {
  return writeCursor([announcedAt, id]);
}

/** Reads a cursor that `changePlaceCursor` created. Without a cursor, returns undefined. */
export function readChangePlaceCursor(text: string | undefined): ChangePlace | undefined | Refusal {
  const read = readCursor(text, z.tuple([place.def.items[0], changeId]));
  if (read === undefined || isRefusal(read)) return read;
  const [announcedAt, id] = read;
  return { announcedAt, id };
}

/** Returns the cursor for the next result page of incidents, newest first. */
export function incidentCursor({ openedAt, id }: CasePlace): string {
  return writeCursor(["incident", openedAt, id]);
}

/** Reads a cursor that `incidentCursor` created. Without a cursor, returns undefined. */
export function readIncidentCursor(text: string | undefined): CasePlace | undefined | Refusal {
  const read = readCursor(text, incidentPlace);
  if (read === undefined || isRefusal(read)) return read;
  const [, openedAt, id] = read;
  return { openedAt, id };
}

/**
 * Returns the cursor for the next result page of a list in the order of next deadlines. A list in another order refuses the
 * cursor.
 */
export function duePlaceCursor({ at, caseId: id }: DeadlineCursor): string {
  return writeCursor(["due", at, id]);
}

/** Reads a cursor that `duePlaceCursor` created. Without a cursor, returns undefined. */
export function readDuePlaceCursor(text: string | undefined): DeadlineCursor | undefined | Refusal {
  const read = readCursor(text, z.tuple([z.literal("due"), ...place.def.items]));
  if (read === undefined || isRefusal(read)) return read;
  const [, at, id] = read;
  return { at, caseId: id };
}

/** Returns the cursor for the next result page of problems. */
export function problemCursor({ openedAt, id }: CasePlace): string {
  return writeCursor([openedAt, id]);
}

/** Reads a cursor that `problemCursor` created. Without a cursor, returns undefined. */
export function readProblemCursor(text: string | undefined): CasePlace | undefined | Refusal {
  const read = readCursor(text, problemPlace);
  if (read === undefined || isRefusal(read)) return read;
  const [openedAt, id] = read;
  return { openedAt, id };
}
