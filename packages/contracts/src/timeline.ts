/** The three kinds of timelines. */
type TimelineKind = "wall" | "import" | "stepped";

/** The timeline whose now is Postgres' clock. */
export const wall = "wall";

/**
 * Returns the name of the line that belongs to an import and is removed with it. The names of its calendars begin with this
 * name and `-`.
 */
export function importName(timeline: string): string {
  return timeline.replace("_", "-");
}

/** The names that belong to imports, as a regular expression of JavaScript and PostgreSQL. */
export const importNames = "^imp-[0-9a-z]{26}(-|$)";

/** Returns true if the name of a line or calendar belongs to an import. */
export function isImportName(name: string): boolean {
  return new RegExp(importNames).test(name);
}

/** Returns the timeline on which routing publishes a line of this name: its import, else the wall timeline. */
export function timelineOfLine(name: string): string {
  return isImportName(name) ? name.slice(0, "imp-".length + 26).replace("-", "_") : wall;
}

/** Returns the kind of a timeline from its id (`wall`, `imp_…`, `stp_…`), so that no consumer needs to query it. */
export function timelineKind(timeline: string): TimelineKind {
  if (timeline === wall) return "wall";
  return timeline.startsWith("imp_") ? "import" : "stepped";
}
