import { type CalendarDocument, calendarDocument } from "@crossline/contracts";
import { builtinDocument, lintLineDocument } from "@crossline/domain";
import { readText, readDocument, toLine } from "../document-file.ts";
import { CommandFault } from "../fault.ts";
import { type ObservedLine, observeLine } from "./observed-line.ts";

/** Reads a line document (YAML or JSON), or the built-in line. A CommandFault names each fault and its place. */
export function readObservedLine(file: string, calendars: readonly string[] = []): ObservedLine {
  if (file === "builtin") return observeLine(builtinDocument);
  const read = lintLineDocument(readValue(file));
  if (read.ok) return observeLine(read.document, Object.fromEntries(calendars.map(readCalendar)));
  const faults = read.faults.map(({ at, message }) => `  ${at === "" ? "/" : at}: ${message}`);
  throw new CommandFault(`${file} is not a valid line:\n${faults.join("\n")}`);
}

/** Reads `NAME=FILE`: a calendar and its name in the line. */
function readCalendar(given: string): [string, CalendarDocument] {
  const [name = "", file] = given.split(/=(.*)/s);
  if (file === undefined) throw new CommandFault(`"${given}" does not have the form NAME=FILE.`);
  const read = calendarDocument.safeParse(readValue(file));
  if (read.success) return [name, read.data];
  const [issue] = read.error.issues;
  throw new CommandFault(`${file} is not a valid calendar: at /${issue?.path.join("/") ?? ""} ${issue?.message ?? ""}`);
}

function readValue(file: string): unknown {
  const reading = readDocument(readText(file));
  if (!reading.ok) throw new CommandFault(toLine(file, reading.fault));
  return reading.value;
}
