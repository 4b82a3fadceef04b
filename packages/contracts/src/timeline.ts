/** The three kinds of timelines. */
type TimelineKind = "wall" | "import" | "stepped";

/** The timeline whose now is Postgres' clock. */
export const wall = "wall";

/**
 * Returns the name of the line that belongs to an import. Every service that stores the line deletes it together with the
 * import. The names of the import's calendars begin with the name of the line and `-`.
 */
export function importName(timeline: string): string {
  return timeline.replace("_", "-");
}

/** A regular expression for the names that belong to imports. The expression is valid in JavaScript and in PostgreSQL. */
export const importNames = "^imp-[0-9a-z]{26}(-|$)";

/** Returns true if the name of a line or calendar belongs to an import. */
export function isImportName(name: string): boolean {
  return new RegExp(importNames).test(name);
}

/**
 * Returns the timeline on which routing publishes a line with this name: the import to which the name belongs, or else the wall
 * timeline.
 */
export function timelineOfLine(name: string): string {
  return isImportName(name) ? name.slice(0, "imp-".length + 26).replace("-", "_") : wall;
}

/**
 * Returns the kind of a timeline. The id shows the kind (`wall`, `imp_…`, `stp_…`), so consumers do not need to query the kind.
 */
export function timelineKind(timeline: string): TimelineKind {
  if (timeline === wall) return "wall";
  return timeline.startsWith("imp_") ? "import" : "stepped";
}
