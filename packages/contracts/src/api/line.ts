import { z } from "zod";
import { pinnedCalendar } from "../calendar.ts";
import { lineRef, partyId, slug } from "../events/vocabulary.ts";
import { lineDocument } from "../line.ts";
import { isoInstant } from "../time.ts";
import { cursor, resultPage, resultPageLimit, lintFault } from "./parts.ts";

/** Which carrier's lines: a carrier's own may be left out, the operator has to name one. */
export const lineOwnerQuery = z.strictObject({
  carrier: partyId.optional().meta({ description: "Whose lines; needed by the operator only" }),
});

/** A line as somebody wrote it. Its faults are found by the lint, which names every place, so anything passes here. */
export const submittedLine = z
  .unknown()
  .meta({ description: "A line document: `line`, `mode`, `calendar`, `clocks`, `crossing`, `lastResort`" });

const warnings = z.array(lintFault).meta({ description: "What is no fault, but is worth a look: by JSON Pointer" });

export const publishedLine = z
  .object({
    line: lineRef,
    document: lineDocument,
    calendars: z
      .record(z.string(), pinnedCalendar)
      .optional()
      .meta({ description: "Every calendar that the line names, by that name, in the version that it keeps" }),
    createdAt: isoInstant.optional(),
    warnings: warnings.optional(),
  })
  .meta({ id: "Line", description: "One version of a line; it never changes" });

export const lineListQuery = z.strictObject({
  ...lineOwnerQuery.shape,
  limit: resultPageLimit,
  cursor: cursor.optional(),
});

/** The newest version of each line, by name; at the very end the built-in one. */
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
  description: "What a case that names no line gets now; the built-in line where no default was chosen",
});

export const lintResponse = z
  .object({
    faults: z.array(lintFault),
    warnings: warnings.optional(),
  })
  .meta({ id: "Linted" });

export type PublishedLine = z.infer<typeof publishedLine>;
