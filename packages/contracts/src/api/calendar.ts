import { z } from "zod";
import { calendarDocument, calendarException, calendarRef } from "../calendar.ts";
import { partyId, slug } from "../events/vocabulary.ts";
import { isoInstant } from "../time.ts";
import { cursor, resultPage, resultPageLimit } from "./parts.ts";

/** Whose calendar is published: a company's own may be left out, the operator has to name one. */
export const calendarOwnerQuery = z.strictObject({
  party: partyId.optional().meta({ description: "Whose calendar; needed by the operator only" }),
});

/** A calendar as somebody wrote it. Its faults are found by the lint, which names every place, so anything passes here. */
export const submittedCalendar = z
  .unknown()
  .meta({ description: "A calendar document: `calendar`, `zone`, `week`, `exceptions`" });

export const publishedCalendar = z
  .object({ calendar: calendarRef, document: calendarDocument, createdAt: isoInstant })
  .meta({ id: "Calendar", description: "One version of a calendar; it never changes" });

export const calendarListQuery = z.strictObject({
  party: partyId.optional().meta({ description: "Whose calendars; everybody's, if it is left out" }),
  limit: resultPageLimit,
  cursor: cursor.optional(),
});

/** The newest version of each calendar, by party and name. */
export const calendarResultPage = resultPage(publishedCalendar).meta({ id: "CalendarPage" });

export const calendarParams = z.strictObject({ party: partyId, name: slug });
export const calendarVersionParams = z.strictObject({
  ...calendarParams.shape,
  version: z.coerce.number().int().min(1).max(1_000_000),
});

export const calendarVersionsQuery = z.strictObject({ limit: resultPageLimit, cursor: cursor.optional() });

const holidayCode = z.string().regex(/^[A-Z0-9]{1,3}$/, "must be a code of 1 to 3 capital letters or digits");

export const holidaysQuery = z.strictObject({
  country: z.string().regex(/^[A-Z]{2}$/, "must be a country of ISO 3166, e.g. CA"),
  region: holidayCode.optional().meta({ description: "A part of the country, e.g. ON" }),
  year: z.coerce.number().int().min(1970).max(2199),
});

/** Exceptions to review and to write into a calendar; nothing is applied by itself. */
export const holidayList = z
  .object({
    exceptions: z.array(calendarException),
    source: z.string().meta({
      description: "Where the dates come from, and under which licence",
      examples: ["date-holidays 3.37.0; its data are from Wikipedia, CC BY-SA 3.0"],
    }),
  })
  .meta({ id: "HolidayList" });

export type PublishedCalendar = z.infer<typeof publishedCalendar>;
export type HolidayList = z.infer<typeof holidayList>;
