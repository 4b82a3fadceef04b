import { z } from "zod";
import { calendarDocument, calendarException, calendarRef } from "../calendar.ts";
import { partyId, slug } from "../events/vocabulary.ts";
import { isoInstant } from "../time.ts";
import { cursor, resultPage, resultPageLimit } from "./parts.ts";

/** The owner of the calendar. A company may omit this parameter, but the operator must name a party. */
export const calendarOwnerQuery = z.strictObject({
  party: partyId.optional().meta({ description: "The owner of the calendar. Only the operator needs this parameter" }),
});

/** A submitted calendar. The schema accepts anything, because the lint finds the faults and names the place of each fault. */
export const submittedCalendar = z
  .unknown()
  .meta({ description: "A calendar document: `calendar`, `zone`, `week`, `exceptions`" });

export const publishedCalendar = z
  .object({ calendar: calendarRef, document: calendarDocument, createdAt: isoInstant })
  .meta({ id: "Calendar", description: "One version of a calendar, which never changes" });

export const calendarListQuery = z.strictObject({
  party: partyId.optional().meta({ description: "The owner of the calendars. Default: all parties" }),
  limit: resultPageLimit,
  cursor: cursor.optional(),
});

/** The newest version of each calendar, sorted by party and name. */
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

/**
 * The holidays of a country as exceptions, which a company can review and copy into its calendar. Crossline changes no calendar
 * automatically.
 */
export const holidayList = z
  .object({
    exceptions: z.array(calendarException),
    source: z.string().meta({
      description: "The source of the dates and its licence",
      examples: ["date-holidays 3.37.0; its data are from Wikipedia, CC BY-SA 3.0"],
    }),
  })
  .meta({ id: "HolidayList" });

export type PublishedCalendar = z.infer<typeof publishedCalendar>;
export type HolidayList = z.infer<typeof holidayList>;
