import { type CalendarDocument, calendarDocument, parseInstant } from "@crossline/contracts";
import { type Calendar, compileCalendar } from "@crossline/domain";

const office = ["09:00-12:00", "13:00-17:30"];

/** The hours of Northtel's care desk in Toronto: weekdays with a lunch break, Saturday mornings, the holidays of 2006. */
export const care: CalendarDocument = {
  calendar: "care",
  zone: "America/Toronto",
  week: { mon: office, tue: office, wed: office, thu: office, fri: office, sat: ["10:00-14:00"] },
  exceptions: [
    { date: "2006-10-09", open: [], name: "Thanksgiving" },
    { date: "2006-12-24", open: ["10:00-13:00"], name: "A Sunday that is open" },
    { date: "2006-12-25", open: [] },
    { date: "2006-12-26", open: [] },
    { date: "2006-12-27", open: ["11:00-15:00"], name: "A short day" },
  ],
};

export function compiled(document: Partial<CalendarDocument> = {}): Calendar {
  const whole = calendarDocument.parse({ ...care, ...document });
  return compileCalendar({ party: "northtel", name: whole.calendar, version: 1 }, whole);
}

/** Returns the instant of a local time in a zone. An ambiguous local time needs its offset. */
export function at(text: string, zone = "America/Toronto"): number {
  if (/(?:Z|[+-]\d\d:\d\d)$/.test(text)) return parseInstant(text);
  return Temporal.PlainDateTime.from(text).toZonedDateTime(zone, { disambiguation: "reject" }).epochMilliseconds;
}

export const hour = 3_600_000;
export const minute = 60_000;
