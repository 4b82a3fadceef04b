import { lintLineDocument, lintCalendar } from "@crossline/domain";
import { print } from "../print.ts";
import { type PlacedFault, readText, readDocument, toLine } from "../document-file.ts";

/**
 * Runs `line check FILE …`. The verb prints each fault with its row and column. The verb returns 0 if every file can be
 * published, and otherwise 1.
 */
export async function checkLines(files: readonly string[]): Promise<number> {
  let faulty = 0;
  for (const file of files) {
    const { what, faults } = checkText(readText(file));
    if (faults.length > 0) faulty++;
    if (faults.length === 0) print(`${file}: ${what} without faults`);
    for (const fault of faults) print(toLine(file, fault));
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
