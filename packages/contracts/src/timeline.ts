/** The three kinds of time a case can live in (design: "a case's now comes from its timeline"). */
type TimelineKind = "wall" | "import" | "stepped";

/** The one timeline that follows the real clock. */
export const wall = "wall";

/** The name of the line that belongs to an import and is removed with it; those of its calendars begin with it and `-`. */
export function importName(timeline: string): string {
  return timeline.replace("_", "-");
}

/** The names that belong to imports, as a regular expression of JavaScript and of PostgreSQL. */
export const importNames = "^imp-[0-9a-z]{26}(-|$)";

/** Whether a line's or calendar's name belongs to an import. */
export function isImportName(name: string): boolean {
  return new RegExp(importNames).test(name);
}

/** The timeline on which routing publishes a line of this name: its import, else the wall. */
export function timelineOfLine(name: string): string {
  return isImportName(name) ? name.slice(0, "imp-".length + 26).replace("-", "_") : wall;
}

/** The kind of a timeline, read off its id (`wall`, `imp_…`, `stp_…`), so that no consumer has to look it up. */
export function timelineKind(timeline: string): TimelineKind {
  if (timeline === wall) return "wall";
  return timeline.startsWith("imp_") ? "import" : "stepped";
}
