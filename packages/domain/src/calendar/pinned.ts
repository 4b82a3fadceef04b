import type { Hours, LineDocument, PinnedCalendar } from "@crossline/contracts";
import { type Calendar, allHours } from "./calendar.ts";
import { commonHours, compileCalendar } from "./compile.ts";

/** The hours that a line names, out of the calendars that it pins; of several, those that all of them have in common. */
export function calendarFor(hours: Hours, calendars: Readonly<Record<string, PinnedCalendar>>): Calendar {
  if (typeof hours !== "string") return commonHours(hours.map((name) => calendarFor(name, calendars)));
  if (hours === "24x7") return allHours;
  const pinned = Object.hasOwn(calendars, hours) ? calendars[hours] : undefined;
  if (pinned === undefined) throw new Error(`the calendar ${hours} is not pinned by its line`);
  return compileOnce(pinned);
}

const compiled = new WeakMap<PinnedCalendar, Calendar>();

/** A line names the same calendar at many places. */
function compileOnce(pinned: PinnedCalendar): Calendar {
  const known = compiled.get(pinned);
  if (known !== undefined) return known;
  const calendar = compileCalendar(pinned.ref, pinned.document);
  compiled.set(pinned, calendar);
  return calendar;
}

/** Everywhere that a line names hours, by JSON Pointer. */
export function hoursIn(document: LineDocument): { readonly at: string; readonly hours: Hours }[] {
  const { calendar, clocks, crossing, needBy } = document;
  const found: { readonly at: string; readonly hours: Hours | undefined }[] = [
    { at: "/calendar", hours: calendar },
    ...clocks.map((clock, index) => ({ at: `/clocks/${index}/calendar`, hours: clock.calendar })),
    ...crossing.map((step, index) => ({ at: `/crossing/${index}/hours`, hours: step.hours })),
    { at: "/needBy/hours", hours: needBy?.hours },
  ];
  return found.flatMap(({ at, hours }) => (hours === undefined ? [] : [{ at, hours }]));
}

/** The names of all calendars that a line names, but for 24x7, each once. */
export function calendarsIn(document: LineDocument): string[] {
  const names = hoursIn(document).flatMap(({ hours }) => (typeof hours === "string" ? [hours] : hours));
  return [...new Set(names)].filter((name) => name !== "24x7");
}
