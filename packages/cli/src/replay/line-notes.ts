import type { LineClock, LineDocument } from "@crossline/contracts";

/** What the observing copy of a line leaves out of it and adds to it, a sentence each. */
export function notesOn(document: LineDocument, implied: readonly LineClock[], left: readonly LineClock[]): string[] {
  const { match, crossing, triggers, lastResort, returns, requires, problems, needBy, clocks } = document;
  const parts = { triggers, crossing, "last resort": lastResort, returns, requires, problems, "need-by": needBy };
  const leftOut = Object.entries(parts).filter(([, part]) => part !== undefined && isWritten(part));
  const names = [...leftOut.map(([name]) => name), ...left.map(nameOf)];
  const notes: string[] = [];
  if (match !== undefined) notes.push("The line's match is ignored: every row of the log is put under it.");
  if (names.length > 0) notes.push(`Of the line, this is left out: ${[...new Set(names)].join(", ")}.`);
  if (implied.length > 0)
    notes.push(`A line that crosses has these clocks even unnamed: ${implied.map(nameOf).join(", ")}.`);
  if ([...clocks, ...implied].some(({ target }) => dependsOnSeverity(target)))
    notes.push("The log's severity is not read: each case counts as a minor one.");
  return notes;
}

function nameOf({ name, kind }: LineClock): string {
  return name ?? kind;
}

function isWritten(part: unknown): boolean {
  return !Array.isArray(part) || part.length > 0;
}

function dependsOnSeverity(target: LineClock["target"]): boolean {
  return typeof target === "object" && (target.critical !== undefined || target.major !== undefined);
}
