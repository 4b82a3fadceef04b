import { type TimelineSearch, timelineIn } from "../shell/timeline-search.ts";

/** Reads the parameters of the screen from its address. A parameter that does not fit is left out. */
export function boardSearch(search: Readonly<Record<string, unknown>>): TimelineSearch {
  return timelineIn(search);
}
