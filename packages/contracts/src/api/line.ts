import { z } from "zod";
import { pinnedCalendar } from "../calendar.ts";
import { lineRef, partyId, slug } from "../events/vocabulary.ts";
import { lineDocument } from "../line.ts";
import { isoInstant } from "../time.ts";
import { cursor, resultPage, resultPageLimit, lintFault } from "./parts.ts";

/** The owner of the lines. A carrier may omit this parameter, but the operator must name a carrier. */
export const lineOwnerQuery = z.strictObject({
  carrier: partyId.optional().meta({ description: "The owner of the lines. Only the operator needs this parameter" }),
});

/** A submitted line. The schema accepts anything, because the lint finds the faults and names the place of each fault. */
export const submittedLine = z
  .unknown()
  .meta({ description: "A line document: `line`, `mode`, `calendar`, `clocks`, `crossing`, `lastResort`" });

const warnings = z
  .array(lintFault)
  .meta({ description: "Warnings, each with its place as a JSON Pointer. Warnings do not prevent the publication" });

export const publishedLine = z
  .object({
    line: lineRef,
    document: lineDocument,
    calendars: z
      .record(z.string(), pinnedCalendar)
      .optional()
      .meta({ description: "Every calendar that the line names, with this name as the key, in the pinned version" }),
    createdAt: isoInstant.optional(),
    warnings: warnings.optional(),
  })
  .meta({ id: "Line", description: "One version of a line, which never changes" });

export const lineListQuery = z.strictObject({
  ...lineOwnerQuery.shape,
  limit: resultPageLimit,
  cursor: cursor.optional(),
});

/** The newest version of each line, sorted by name. The built-in line is last. */
export const lineResultPage = resultPage(publishedLine).meta({ id: "LinePage" });

export const lineParams = z.strictObject({ name: slug });
export const lineVersionParams = z.strictObject({
  name: slug,
  version: z.coerce.number().int().min(1).max(1_000_000),
});

export const defaultLineRequest = z
  .strictObject({ name: slug })
  .meta({ id: "ChooseDefaultLine", examples: [{ name: "handheld-consumer" }] });
export const defaultLine = z.object({ line: lineRef }).meta({
  id: "DefaultLine",
  description:
    "The line of new cases that match no other line. If the carrier has not chosen a default line, the built-in line is the default line",
});

export const lintResponse = z
  .object({
    faults: z.array(lintFault),
    warnings: warnings.optional(),
  })
  .meta({ id: "Linted" });

export type PublishedLine = z.infer<typeof publishedLine>;
