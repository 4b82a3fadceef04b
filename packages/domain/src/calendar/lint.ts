import { type CalendarDocument, type ProblemField, calendarDocument } from "@crossline/contracts";
import { formFaults } from "../line/lint.ts";
import { textFaults } from "../line/texts.ts";
import { spanDays } from "./span.ts";
import { dayOf, readDates, readTimes } from "./week.ts";

const faultsMax = 50;
const schemaVersion = 1;
const reservedName = "24x7";

/**
 * Checks a submitted calendar: first the version of the document format, then the form, then the other rules. Returns the
 * document, or every fault with its place as a JSON Pointer. A calendar without faults can be published.
 */
export function lintCalendar(
  written: unknown,
):
  | { readonly ok: true; readonly document: CalendarDocument }
  | { readonly ok: false; readonly faults: readonly ProblemField[] } {
  const foreign = schemaFault(written);
  if (foreign !== undefined) return { ok: false, faults: [foreign] };
  const read = calendarDocument.safeParse(written);
  if (!read.success) {
    return { ok: false, faults: read.error.issues.flatMap((issue) => formFaults(issue, [])).slice(0, faultsMax) };
  }
  const faults = [...textFaults(read.data), ...faultsOf(read.data)].slice(0, faultsMax);
  return faults.length === 0 ? { ok: true, document: read.data } : { ok: false, faults };
}

/**
 * Returns the fault if the version of the document format is unknown. In an unknown version, the same keys can have another
 * meaning, so the lint checks nothing else.
 */
function schemaFault(written: unknown): ProblemField | undefined {
  if (typeof written !== "object" || written === null || !("schema" in written)) return undefined;
  const { schema } = written;
  if (schema === undefined || schema === schemaVersion) return undefined;
  const which = typeof schema === "number" ? `version ${schema} of the document format` : "this version";
  return {
    at: "/schema",
    message: `${which} is not known: this installation reads version ${schemaVersion}. Write ${schemaVersion} or remove the key schema, and remove the keys of the other version`,
  };
}

function* faultsOf(document: CalendarDocument): Iterable<ProblemField> {
  if (document.calendar === reservedName) {
    yield {
      at: "/calendar",
      message: `${reservedName} is the name of the calendar that never closes; give this calendar another name`,
    };
  }
  for (const [day, open] of Object.entries(document.week)) yield* overlaps(`/week/${day}`, open);
  const dates = new Set<string>();
  for (const [index, { date, open }] of (document.exceptions ?? []).entries()) {
    if (dates.has(date))
      yield { at: `/exceptions/${index}/date`, message: `${date} has two exceptions; combine them into one exception` };
    dates.add(date);
    yield* overlaps(`/exceptions/${index}/open`, open);
  }
  yield* closings(document);
}

function* overlaps(at: string, open: readonly string[] = []): Iterable<ProblemField> {
  const times = readTimes(open);
  for (const [index, [from, to]] of times.entries()) {
    const other = times.slice(0, index).findIndex(([begin, end]) => begin < to && from < end);
    if (other >= 0) yield { at: `${at}/${index}`, message: `overlaps ${open[other]}; combine them into one interval` };
  }
}

/** Finds a calendar that never opens, because a clock with this calendar would never breach. */
function* closings(document: CalendarDocument): Iterable<ProblemField> {
  if (Object.values(document.week).every((open = []) => open.length === 0)) {
    yield { at: "/week", message: "never opens; name the hours of at least one weekday" };
    return;
  }
  const dates = readDates(document);
  const { exceptions = [] } = document;
  const closed = new Set(exceptions.filter(({ open }) => open.length === 0).map(({ date }) => dayOf(date)));
  for (const [index, { date, open }] of exceptions.entries()) {
    const first = dayOf(date);
    // Only the first day of a series of closed dates is checked, so that each series is simulated once.
    if (open.length > 0 || (closed.has(first - 1) && dates(first - 1).length === 0)) continue;
    let day = first;
    while (day - first < spanDays && dates(day).length === 0) day++;
    if (day - first >= spanDays) {
      yield { at: `/exceptions/${index}`, message: `never opens within ${spanDays} days from ${date}` };
      return;
    }
  }
}
