import { lintLineDocument, lintCalendar } from "@crossline/domain";
import { tell } from "../print.ts";
import { type PlacedFault, readText, readDocument, toLine } from "../document-file.ts";

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

/** Lints the text of a line or a calendar, in YAML or JSON. */
export function checkText(text: string): {
  readonly what: "a line" | "a calendar";
  readonly faults: readonly PlacedFault[];
} {
  const reading = readDocument(text);
  if (!reading.ok) return { what: "a line", faults: [reading.fault] };
  const { value, place } = reading;
  const isCalendar = typeof value === "object" && value !== null && "week" in value;
  const linted = isCalendar ? lintCalendar(value) : lintLineDocument(value);
  return { what: isCalendar ? "a calendar" : "a line", faults: linted.ok ? [] : linted.faults.map(place) };
}
