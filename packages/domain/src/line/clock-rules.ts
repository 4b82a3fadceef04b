import { type Calendar, allHours } from "../calendar/calendar.ts";
import { kindRules } from "../clock/kinds/all.ts";
import type { ClockRule, Line } from "./line.ts";

/** Whose hours a clock counts. */
export function calendarOf(line: Line, { name, kind }: Pick<ClockRule, "name" | "kind">): Calendar {
  if (kindRules[kind].hours === "always") return allHours;
  for (const rule of line.clocks) if (rule.name === name) return rule.calendar;
  return line.calendar;
}

/** The rules of the clocks that an offer must be accepted within, in the line's order. */
export function acceptanceRules({ clocks }: Line): readonly ClockRule[] {
  return clocks.filter(({ kind }) => kindRules[kind].breach.does === "lapse");
}
