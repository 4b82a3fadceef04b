import type { Hours, PinnedCalendar } from "@crossline/contracts";
import { type Calendar, allHours } from "./calendar.ts";

/** The hours that a line names, out of the calendars that it pins; of several, those that all of them have in common. */
export function calendarFor(hours: Hours, _calendars: Readonly<Record<string, PinnedCalendar>>): Calendar {
  if (hours === "24x7") return allHours;
  throw new Error("named calendars come with their own part");
}
