import { type Calendar, allHours } from "../calendar/calendar.ts";
import { kindRules } from "../clock/kinds/all.ts";
import type { ClockRule, Line } from "./line.ts";

/** Returns the calendar whose open hours a clock counts. */
export function calendarOf(line: Line, { name, kind }: Pick<ClockRule, "name" | "kind">): Calendar {
  if (kindRules[kind].hours === "always") return allHours;
  for (const rule of line.clocks) if (rule.name === name) return rule.calendar;
  return line.calendar;
}

/** Returns the rules of the acceptance clocks, in the order of the line. */
export function acceptanceRules({ clocks }: Line): readonly ClockRule[] {
  return clocks.filter(({ kind }) => kindRules[kind].breach.does === "lapse");
}
