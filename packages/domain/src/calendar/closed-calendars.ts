import type { Instant } from "@crossline/contracts";
import type { Line } from "../line/line.ts";
import { type Calendar, neverOpensAround } from "./calendar.ts";

/**
 * Returns each calendar of a line that does not open in the 400 days around an instant, as `name@version`. Such a calendar
 * counts as 24x7. The author of the calendar did not intend this, so the caller must raise an alarm.
 */
export function closedCalendars(line: Line, at: Instant): string[] {
  const all: readonly (Calendar | undefined)[] = [
    line.calendar,
    ...line.clocks.map(({ calendar }) => calendar),
    ...line.crossing.map(({ hours }) => hours),
    line.needBy?.hours,
  ];
  const closed = all.filter((calendar) => calendar !== undefined && neverOpensAround(calendar, at));
  return [...new Set(closed.map((calendar) => `${calendar?.name}@${calendar?.version}`))];
}
