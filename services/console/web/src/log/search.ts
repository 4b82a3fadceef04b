import { type TimelineSearch, timelineIn } from "../shell/timeline-search.ts";

/** The filters of the action log, and the row after which the screen begins. Absent `after`: the last rows. */
export type LogSearch = TimelineSearch & {
  readonly after?: number;
  readonly kind?: "command" | "read";
  readonly person?: string;
  readonly operation?: string;
};

/** Reads the parameters of the screen from its address. A parameter that does not fit is left out. */
export function logSearch(search: Readonly<Record<string, unknown>>): LogSearch {
  const { after, kind, person, operation } = search;
  return {
    ...timelineIn(search),
    ...(typeof after === "number" && after >= 0 && { after: Math.floor(after) }),
    ...((kind === "command" || kind === "read") && { kind }),
    ...(isText(person) && { person }),
    ...(isText(operation) && { operation }),
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
