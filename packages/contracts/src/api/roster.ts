import { z } from "zod";
import { pagedPerson } from "../events/handoff.ts";
import { partyId, slug } from "../events/vocabulary.ts";
import { rosterDocument, rosterOverride, rosterSwap } from "../roster.ts";
import { isoInstant } from "../time.ts";
import { cursor, resultPage, resultPageLimit, sentInstant, lintFault } from "./parts.ts";

/** Whose rosters: a carrier's or vendor's own may be left out, the operator has to name a party. */
export const rosterOwnerQuery = z.strictObject({
  party: partyId.optional().meta({ description: "Whose rosters; needed by the operator only" }),
});

/** A roster as somebody wrote it. Its faults are found by the lint, which names every place, so anything passes here. */
export const submittedRoster = z.unknown().meta({
  description: "A roster document: `roster`, `people`, `rotation`, `overrides`, `swaps`, `mayWake`, `emergency`",
});

export const rosterRef = z.strictObject({ party: partyId, name: slug, version: z.int().min(1) });

const warnings = z.array(lintFault).meta({ description: "What is no fault, but is worth a look: by JSON Pointer" });

/** The instant from which a roster is simulated for its warnings. */
export const rosterLintQuery = z.strictObject({
  at: sentInstant.optional().meta({ description: "From when the roster is simulated; now, if it is left out" }),
});

/** `POST /v1/rosters/lint`. */
export const rosterLintResponse = z
  .object({
    faults: z.array(lintFault),
    warnings: warnings.optional(),
  })
  .meta({ id: "LintedRoster" });

export const publishedRoster = z
  .object({ roster: rosterRef, document: rosterDocument, createdAt: isoInstant, warnings: warnings.optional() })
  .meta({ id: "Roster", description: "One version of a roster; it never changes. Pages go by the newest" });

export const rosterPreviewQuery = z.strictObject({
  ...rosterOwnerQuery.shape,
  from: sentInstant.optional().meta({ description: "Where the preview begins; now, if it is left out" }),
  days: z.coerce.number().int().min(1).max(31).default(14),
});

const peopleByLayer = z
  .record(z.string(), z.string().nullable())
  .meta({ description: "The person of each layer by its name; null: no person" });

/** What a proposal would change. Nothing is kept. */
export const rosterPreview = z
  .object({
    version: z.int().meta({ description: "The newest one, with which the proposal is compared" }),
    from: isoInstant,
    to: isoInstant.meta({ description: "Earlier than asked for where the roster changes very often" }),
    changesAt: isoInstant.optional().meta({ description: "The first instant that has other people on duty" }),
    spans: z.array(
      z.object({ from: isoInstant, to: isoInstant, now: peopleByLayer, proposed: peopleByLayer, differs: z.boolean() }),
    ),
    warnings: warnings.optional(),
  })
  .meta({ id: "RosterPreview", description: "Who is on duty by the newest version, and by the proposal" });

export const rosterListQuery = z.strictObject({
  ...rosterOwnerQuery.shape,
  limit: resultPageLimit,
  cursor: cursor.optional(),
});

export const rosterResultPage = resultPage(publishedRoster).meta({ id: "RosterPage" });
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

export const onDutyResponse = z
  .object({
    at: isoInstant,
    version: z.int().meta({ description: "Of the roster: the newest" }),
    warnings: warnings.optional(),
    people: z.array(
      pagedPerson.extend({ quiet: z.boolean().meta({ description: "Not to be woken at that instant" }) }),
    ),
  })
  .meta({ id: "OnDuty" });

export type RosterPreview = z.infer<typeof rosterPreview>;
export type PublishedRoster = z.infer<typeof publishedRoster>;
