import { z } from "zod";
import { pinnedCalendar } from "../calendar.ts";
import { lineDocument } from "../line.ts";
import { lineRef, partyId, slug } from "./vocabulary.ts";

/** The facts of `crossline.line.v1` (compacted), told by routing. */
export const lineEvents = {
  /** Keyed `<carrier>/<name>@<version>`; a version never changes. */
  "line.published": z.object({
    line: lineRef,
    document: lineDocument,
    /** Every calendar that the document names, by that name, as it was then: a new version of it is for new versions of the line. */
    calendars: z.record(z.string(), pinnedCalendar).optional(),
  }),
  /** Keyed `<carrier>/default`: what a case gets that names no line. */
  "line.defaulted": z.object({ carrier: partyId, name: slug }),
} as const;
