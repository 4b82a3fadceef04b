import { type TimelineSearch, timelineIn } from "../shell/timeline-search.ts";
import { isDay } from "../time/fitting.ts";

/** The parameters of the screen in its address. `week` is a day of the shown week. Absent: this week. */
export type RosterSearch = TimelineSearch & { readonly week?: string; readonly view?: "table" };

/** Reads the parameters of the screen from its address. A parameter that does not fit is left out. */
export function rosterSearch(search: Readonly<Record<string, unknown>>): RosterSearch {
  const { week, view } = search;
  return {
    ...timelineIn(search),
    ...(typeof week === "string" && isDay(week) && { week }),
    ...(view === "table" && { view }),
  };
}
