import { type TimelineSearch, timelineIn } from "../shell/timeline-search.ts";

/** The parameters of the list of problems. `ended`: the screen also shows problems that have ended. */
export type ProblemSearch = TimelineSearch & { readonly ended?: true };

/** Reads the parameters of the screen from its address. A parameter that does not fit is left out. */
export function problemSearch(search: Readonly<Record<string, unknown>>): ProblemSearch {
  return { ...timelineIn(search), ...(search["ended"] === true && { ended: true }) };
}
