import { z } from "zod";
import { pagedPerson } from "../events/handoff.ts";
import { partyId, slug } from "../events/vocabulary.ts";
import { rosterDocument, rosterOverride, rosterSwap } from "../roster.ts";
import { isoInstant } from "../time.ts";
import { cursor, resultPage, resultPageLimit, sentInstant, lintFault } from "./parts.ts";

/** The owner of the rosters. A company may omit this parameter, but the operator must name a party. */
export const rosterOwnerQuery = z.strictObject({
  party: partyId.optional().meta({ description: "The owner of the rosters. Only the operator needs this parameter" }),
});

/** A submitted roster. The schema accepts anything, because the lint finds the faults and names the place of each fault. */
export const submittedRoster = z.unknown().meta({
  description: "A roster document: `roster`, `people`, `rotation`, `overrides`, `swaps`, `mayWake`, `emergency`",
});

export const rosterRef = z.strictObject({ party: partyId, name: slug, version: z.int().min(1) });

const warnings = z
  .array(lintFault)
  .meta({ description: "Warnings, each with its place as a JSON Pointer. Warnings do not prevent the publication" });

/** The query of a lint. The simulation that finds warnings begins at `at`. */
export const rosterLintQuery = z.strictObject({
  at: sentInstant.optional().meta({ description: "The instant at which the simulation begins. Default: now" }),
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
  .meta({ id: "Roster", description: "One version of a roster, which never changes. Pages use the newest version" });

export const rosterPreviewQuery = z.strictObject({
  ...rosterOwnerQuery.shape,
  from: sentInstant.optional().meta({ description: "The instant at which the preview begins. Default: now" }),
  days: z.coerce.number().int().min(1).max(31).default(14),
});

const peopleByLayer = z
  .record(z.string(), z.string().nullable())
  .meta({ description: "The person of each layer, by the name of the layer. `null`: no person" });

/** The effect of a proposed roster. Nothing is stored. */
export const rosterPreview = z
  .object({
    version: z.int().meta({ description: "The newest version, with which the proposal is compared" }),
    from: isoInstant,
    to: isoInstant.meta({ description: "Earlier than requested if the roster changes very often" }),
    changesAt: isoInstant
      .optional()
      .meta({ description: "The first instant at which the proposal changes the people on duty" }),
    spans: z.array(
      z.object({ from: isoInstant, to: isoInstant, now: peopleByLayer, proposed: peopleByLayer, differs: z.boolean() }),
    ),
    warnings: warnings.optional(),
  })
  .meta({
    id: "RosterPreview",
    description: "The people on duty according to the newest version and according to the proposal",
  });

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

/** The requests that add an override or a swap. Each request makes a new version of the roster. */
export const overrideRequest = rosterOverride;
export const swapRequest = rosterSwap;

export const onDutyQuery = z.strictObject({
  ...rosterOwnerQuery.shape,
  at: sentInstant.optional().meta({ description: "The instant. Default: now" }),
});

export const onDutyResponse = z
  .object({
    at: isoInstant,
    version: z.int().meta({ description: "The newest version of the roster" }),
    warnings: warnings.optional(),
    people: z.array(
      pagedPerson.extend({
        quiet: z.boolean().meta({ description: "True if the instant is in the person's quiet hours" }),
      }),
    ),
  })
  .meta({ id: "OnDuty" });

export type RosterPreview = z.infer<typeof rosterPreview>;
export type PublishedRoster = z.infer<typeof publishedRoster>;
