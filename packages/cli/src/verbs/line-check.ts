import { lint, lintCalendar } from "@crossline/domain";
import { tell } from "../print.ts";
import { type PlacedFault, readText, readWritten, toLine } from "../document-file.ts";

/** `line check FILE …`: 0 where every file could be published, 1 where one could not, with each fault at its line and column. */
export async function checkLines(files: readonly string[]): Promise<number> {
  let faulty = 0;
  for (const file of files) {
    const { what, faults } = checkText(readText(file));
    if (faults.length > 0) faulty++;
    if (faults.length === 0) tell(`${file}: ${what} without faults`);
    for (const fault of faults) tell(toLine(file, fault));
  }
  return faulty === 0 ? 0 : 1;
}

/** Lints a line or a calendar as it was written, in YAML or JSON. */
export function checkText(text: string): {
  readonly what: "a line" | "a calendar";
  readonly faults: readonly PlacedFault[];
} {
  const written = readWritten(text);
  if (!written.ok) return { what: "a line", faults: [written.fault] };
  const { value, place } = written;
  const isCalendar = typeof value === "object" && value !== null && "week" in value;
  const linted = isCalendar ? lintCalendar(value) : lint(value);
  return { what: isCalendar ? "a calendar" : "a line", faults: linted.ok ? [] : linted.faults.map(place) };
}
