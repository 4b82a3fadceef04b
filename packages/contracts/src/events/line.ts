import { z } from "zod";
import { pinnedCalendar } from "../calendar.ts";
import { lineDocument } from "../line.ts";
import { lineRef, partyId, slug } from "./vocabulary.ts";

/** The events of `crossline.line.v1` (compacted), which routing publishes. */
export const lineEvents = {
  /** The key is `<carrier>/<name>@<version>`. A version never changes. */
  "line.published": z.object({
    line: lineRef,
    document: lineDocument,
    /**
     * Every calendar that the document names, by its name, in its version at the publication. A new version of a calendar
     * applies to new versions of the line.
     */
    calendars: z.record(z.string(), pinnedCalendar).optional(),
  }),
  /** The default line of a carrier. The key is `<carrier>/default`. */
  "line.defaulted": z.object({ carrier: partyId, name: slug }),
} as const;
