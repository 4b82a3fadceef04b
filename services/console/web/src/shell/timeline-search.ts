/** The part of an address that names the timeline of a screen. Absent: the wall timeline. */
export type TimelineSearch = { readonly timeline?: string };

/** Reads the timeline from the parameters of an address. */
export function timelineIn({ timeline }: Readonly<Record<string, unknown>>): TimelineSearch {
  return typeof timeline === "string" && timeline !== "wall" ? { timeline } : {};
}
