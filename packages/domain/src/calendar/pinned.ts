import type { Hours, LineDocument, PinnedCalendar } from "@crossline/contracts";
import { type Calendar, allHours } from "./calendar.ts";
import { commonHours, compileCalendar } from "./compile.ts";

/**
 * Returns the calendar of the hours that a line names, in the version that the line pins. For several names, returns the common
 * hours of these calendars. Throws an Error if a calendar is not pinned.
 */
export function calendarFor(hours: Hours, calendars: Readonly<Record<string, PinnedCalendar>>): Calendar {
  if (typeof hours !== "string") return commonHours(hours.map((name) => calendarFor(name, calendars)));
  if (hours === "24x7") return allHours;
  const pinned = Object.hasOwn(calendars, hours) ? calendars[hours] : undefined;
  if (pinned === undefined) throw new Error(`the calendar ${hours} is not pinned by its line`);
  return compileOnce(pinned);
}

const compiled = new WeakMap<PinnedCalendar, Calendar>();

/** Compiles each pinned calendar only once, because a line can name one calendar in several places. */
function compileOnce(pinned: PinnedCalendar): Calendar {
  const calendarOfPin = compiled.get(pinned);
  if (calendarOfPin !== undefined) return calendarOfPin;
  const calendar = compileCalendar(pinned.ref, pinned.document);
  compiled.set(pinned, calendar);
  return calendar;
}

/** Returns the hours that a line names, with the place of each as a JSON Pointer. */
export function hoursIn(document: LineDocument): { readonly at: string; readonly hours: Hours }[] {
  const { calendar, clocks, crossing, needBy } = document;
  const places: { readonly at: string; readonly hours: Hours | undefined }[] = [
    { at: "/calendar", hours: calendar },
    ...clocks.map((clock, index) => ({ at: `/clocks/${index}/calendar`, hours: clock.calendar })),
    ...crossing.map((step, index) => ({ at: `/crossing/${index}/hours`, hours: step.hours })),
    { at: "/needBy/hours", hours: needBy?.hours },
  ];
  return places.flatMap(({ at, hours }) => (hours === undefined ? [] : [{ at, hours }]));
}

/** Returns the names of all calendars in a line except 24x7, each once. */
export function calendarsIn(document: LineDocument): string[] {
  const names = hoursIn(document).flatMap(({ hours }) => (typeof hours === "string" ? [hours] : hours));
  return [...new Set(names)].filter((name) => name !== "24x7");
}
