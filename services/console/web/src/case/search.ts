import { type TimelineSearch, timelineIn } from "../shell/timeline-search.ts";

/** The parameters of the screen of a case. `at` is the past instant that the clocks and the journal show. */
export type CaseSearch = TimelineSearch & { readonly at?: string };

/** Reads the parameters of the screen from its address. A parameter that does not fit is left out. */
export function caseSearch(search: Readonly<Record<string, unknown>>): CaseSearch {
  const { at } = search;
  return { ...timelineIn(search), ...(typeof at === "string" && isInstant(at) && { at }) };
}

function isInstant(text: string): boolean {
  try {
    return Temporal.Instant.from(text).epochMilliseconds > 0;
  } catch {
    return false;
  }
}
