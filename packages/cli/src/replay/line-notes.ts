import type { LineClock, LineDocument } from "@crossline/contracts";

/** Returns the report's notes, with a sentence for each part of a line that the observing copy omits or adds. */
export function notesOn(
  document: LineDocument,
  implied: readonly LineClock[],
  unmeasured: readonly LineClock[],
): string[] {
  const { match, crossing, triggers, lastResort, returns, requires, problems, needBy, clocks } = document;
  const parts = { triggers, crossing, "last resort": lastResort, returns, requires, problems, "need-by": needBy };
  const omitted = Object.entries(parts).filter(([, part]) => part !== undefined && isWritten(part));
  const names = [...omitted.map(([name]) => name), ...unmeasured.map(nameOf)];
  const notes: string[] = [];
  if (match !== undefined) notes.push("The match condition is ignored: every case of the log is under this line.");
  if (names.length > 0) notes.push(`These parts of the line are omitted: ${[...new Set(names)].join(", ")}.`);
  if (implied.length > 0)
    notes.push(`A crossing line has these clocks even if it does not name them: ${implied.map(nameOf).join(", ")}.`);
  if ([...clocks, ...implied].some(({ target }) => dependsOnSeverity(target)))
    notes.push("The severity of the log is not read: each case counts as minor.");
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
