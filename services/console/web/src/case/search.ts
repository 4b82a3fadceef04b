import { type TimelineSearch, timelineIn } from "../shell/timeline-search.ts";
import { isInstant } from "../time/fitting.ts";
import { msOf } from "./instants.ts";

/** The parameters of the screen of a case. `at` is the past instant that the clocks and the journal show. */
export type CaseSearch = TimelineSearch & { readonly at?: string };

/** Reads the parameters of the screen from its address. A parameter that does not fit is left out. */
export function caseSearch(search: Readonly<Record<string, unknown>>): CaseSearch {
  const { at } = search;
  return { ...timelineIn(search), ...(typeof at === "string" && isInstant(at) && msOf(at) > 0 && { at }) };
}
