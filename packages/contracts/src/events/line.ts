import { z } from "zod";
import { pinnedCalendar } from "../calendar.ts";
import { lineDocument } from "../line.ts";
import { lineRef, partyId, slug } from "./vocabulary.ts";

/** The events that routing publishes on `crossline.line.v1` (compacted). */
export const lineEvents = {
  /** The record key is `<carrier>/<name>@<version>`. A version never changes. */
  "line.published": z.object({
    line: lineRef,
    document: lineDocument,
    /**
     * Every calendar that the document names, with its name in the document as the key. Each calendar has the version that was
     * the newest at the publication. A later version of a calendar applies only to later versions of the line.
     */
    calendars: z.record(z.string(), pinnedCalendar).optional(),
  }),
  /** The default line of a carrier. The record key is `<carrier>/default`. */
  "line.defaulted": z.object({ carrier: partyId, name: slug }),
} as const;
