/** The three kinds of time a case can live in (design: "a case's now comes from its timeline"). */
export type TimelineKind = "wall" | "import" | "stepped";

/** The one timeline that follows the real clock. */
export const wall = "wall";

/** The kind of a timeline, read off its id (`wall`, `imp_…`, `stp_…`), so that no consumer has to look it up. */
export function timelineKind(timeline: string): TimelineKind {
  if (timeline === wall) return "wall";
  return timeline.startsWith("imp_") ? "import" : "stepped";
}
