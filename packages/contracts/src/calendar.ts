import { z } from "zod";
import { partyId, slug } from "./events/vocabulary.ts";

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const intervalsMax = 8;

/** A half-open interval of local time, for example `09:00-17:30`. `24:00` is the end of the day. */
export const openInterval = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d-(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, "must be like 09:00-17:30")
  .refine((text) => text.slice(0, 5) < text.slice(6), "must end after it begins; write a night as two intervals")
  .meta({ examples: ["09:00-17:30"] });

const openIntervals = z.array(openInterval).max(intervalsMax);

/** A time zone of the IANA database. */
export const zone = z
  .string()
  .max(64)
  .refine((name) => {
    try {
      // Intl also accepts names such as PST and ACT, for which the calendar arithmetic has no rules.
      return /^[A-Z]/.test(name) && Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name) !== undefined;
    } catch {
      return false;
    }
  }, "must be a time zone of the IANA database, e.g. America/Toronto");

/** A date whose hours differ from the hours of the weekday. If `open` is `[]`, the calendar is closed on that date. */
export const calendarException = z.strictObject({
  date: z.iso.date(),
  open: openIntervals,
  name: z.string().max(100).optional(),
});

const calendarExample = {
  calendar: "office",
  zone: "America/Toronto",
  week: {
    mon: ["09:00-17:30"],
    tue: ["09:00-17:30"],
    wed: ["09:00-17:30"],
    thu: ["09:00-17:30"],
    fri: ["09:00-16:00"],
  },
  exceptions: [{ date: "2026-07-01", open: [], name: "Canada Day" }],
};

/**
 * A calendar: the versioned open hours of a party. The schema checks each field. The lint of the domain package also finds
 * overlapping intervals, repeated dates and calendars that never open.
 */
export const calendarDocument = z
  .strictObject({
    schema: z.literal(1).optional().meta({ description: "The version of the document format. Default: 1" }),
    calendar: slug,
    zone,
    week: z.strictObject(
      Object.fromEntries(weekdays.map((day) => [day, openIntervals.optional()])) as Record<
        (typeof weekdays)[number],
        z.ZodOptional<typeof openIntervals>
      >,
    ),
    exceptions: z.array(calendarException).max(1_000).optional(),
  })
  .meta({ id: "CalendarDocument", examples: [calendarExample] });

/**
 * The name of a calendar in a line: `24x7`, the name of the carrier's own calendar, or `<party>/<name>` for another party's
 * calendar.
 */
const calendarName = z
  .string()
  .refine(
    (name) =>
      slug.safeParse(name).success ||
      (name.split("/").length === 2 && name.split("/").every((part) => slug.safeParse(part).success)),
    "must be 24x7, the name of your own calendar, or <party>/<name>",
  );

/** The hours of one calendar, or the common hours of several calendars. */
export const hours = z.union([calendarName, z.array(calendarName).min(2).max(4)]);

/** A reference to a published calendar by its owner, name and version. */
export const calendarRef = z.strictObject({ party: partyId, name: slug, version: z.int().min(1) });

/** A calendar that a version of a line pins: the reference and the document. */
export const pinnedCalendar = z.object({ ref: calendarRef, document: calendarDocument });

export type CalendarDocument = z.infer<typeof calendarDocument>;
export type CalendarException = z.infer<typeof calendarException>;
export type CalendarRef = z.infer<typeof calendarRef>;
export type PinnedCalendar = z.infer<typeof pinnedCalendar>;
export type Hours = z.infer<typeof hours>;
