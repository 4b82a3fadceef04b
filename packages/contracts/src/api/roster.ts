import { z } from "zod";
import { pagedPerson } from "../events/handoff.ts";
import { partyId, slug } from "../events/vocabulary.ts";
import { rosterDocument, rosterOverride, rosterSwap } from "../roster.ts";
import { isoInstant } from "../time.ts";
import { cursor, page, pageLimit, sentInstant } from "./parts.ts";

/** Whose rosters: a carrier's or vendor's own may be left out, the operator has to name a party. */
export const rosterOwnerQuery = z.strictObject({
  party: partyId.optional().meta({ description: "Whose rosters; needed by the operator only" }),
});

/** A roster as somebody wrote it. Its faults are found by the lint, which names every place, so anything passes here. */
export const writtenRoster = z.unknown().meta({
  description: "A roster document: `roster`, `people`, `rotation`, `overrides`, `swaps`, `mayWake`, `emergency`",
});

export const rosterRef = z.strictObject({ party: partyId, name: slug, version: z.int().min(1) });

const warnings = z
  .array(z.object({ at: z.string(), message: z.string() }))
  .meta({ description: "What is no fault, but is worth a look: by JSON Pointer" });

/** `POST /v1/rosters/lint`. */
export const rosterLintAnswer = z.object({
  faults: z.array(z.object({ at: z.string().meta({ description: "JSON Pointer" }), message: z.string() })),
  warnings: warnings.optional(),
});

export const publishedRoster = z
  .object({ roster: rosterRef, document: rosterDocument, createdAt: isoInstant, warnings: warnings.optional() })
  .meta({ id: "Roster", description: "One version of a roster; it never changes. Pages go by the newest" });

export const rosterListQuery = z.strictObject({
  ...rosterOwnerQuery.shape,
  limit: pageLimit,
  cursor: cursor.optional(),
});

export const rosterPage = page(publishedRoster);
export const rosterParams = z.strictObject({ name: slug });
export const rosterVersionParams = z.strictObject({
  name: slug,
  version: z.coerce.number().int().min(1).max(1_000_000),
});

/** Somebody stands in, or two people swap: a new version of the roster. */
export const overrideRequest = rosterOverride;
export const swapRequest = rosterSwap;

export const onDutyQuery = z.strictObject({
  ...rosterOwnerQuery.shape,
  at: sentInstant.optional().meta({ description: "When; now, if it is left out" }),
});

export const onDutyAnswer = z.object({
  at: isoInstant,
  version: z.int().meta({ description: "Of the roster: the newest" }),
  people: z.array(pagedPerson.extend({ quiet: z.boolean().meta({ description: "Not to be woken at that instant" }) })),
});

export type PublishedRoster = z.infer<typeof publishedRoster>;
export type OnDutyAnswer = z.infer<typeof onDutyAnswer>;
