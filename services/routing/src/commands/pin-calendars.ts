import type { CalendarRef, Hours, LineDocument, PinnedCalendar, ProblemField } from "@crossline/contracts";
import { calendarFor, calendarsIn, hoursIn, neverOpensAround } from "@crossline/domain";
import { type Tx, now } from "@crossline/postgres";
import { findNewestCalendars } from "../store/calendars.ts";

/** The limit exists because the record of a line includes its calendars, and a record has at most one megabyte. */
const pinnedCharsMax = 500_000;

export type PinResult = {
  readonly calendars: Readonly<Record<string, PinnedCalendar>>;
  readonly faults: readonly ProblemField[];
};

/**
 * Finds the newest version of each calendar in a line, and the faults in the names of calendars. A name without a party means a
 * calendar of the carrier. If `carrier` is missing, the function does not check names without a party.
 */
export async function pinCalendars(tx: Tx, document: LineDocument, carrier: string | undefined): Promise<PinResult> {
  const wanted = calendarsIn(document).flatMap((name) => {
    const [party, own] = name.includes("/") ? name.split("/") : [carrier, name];
    return party === undefined || own === undefined ? [] : [{ as: name, party, name: own }];
  });
  if (wanted.length === 0) return { calendars: {}, faults: [] };
  const rows = new Map((await findNewestCalendars(tx, wanted)).map((row) => [`${row.party}/${row.name}`, row]));
  const calendars: Record<string, PinnedCalendar> = {};
  const unknown = new Set<string>();
  for (const { as, party, name } of wanted) {
    const row = rows.get(`${party}/${name}`);
    if (row === undefined) unknown.add(as);
    else calendars[as] = { ref: refOf(row), document: row.document };
  }
  const faults = [...unknownFaults(document, unknown), ...commonFaults(document, calendars, await now(tx))];
  if (JSON.stringify(calendars).length > pinnedCharsMax) {
    faults.push({
      at: "/calendar",
      message: "and the other calendars of the line are together too large; name fewer calendars",
    });
  }
  return { calendars, faults };
}

function refOf({ party, name, version }: CalendarRef): CalendarRef {
  return { party, name, version };
}

/**
 * Returns each calendar name with its place in the document. If the document has the names in a list, the place of each name
 * ends with its index.
 */
function placesOf(at: string, hours: Hours): { readonly at: string; readonly name: string }[] {
  return typeof hours === "string"
    ? [{ at, name: hours }]
    : hours.map((name, index) => ({ at: `${at}/${index}`, name }));
}

function unknownFaults(document: LineDocument, unknown: ReadonlySet<string>): ProblemField[] {
  return hoursIn(document)
    .flatMap(({ at, hours }) => placesOf(at, hours))
    .filter(({ name }) => unknown.has(name))
    .map(({ at, name }) => ({
      at,
      message: `unknown calendar ${name}; publish it at /v1/calendars, or write 24x7, the name of one of your calendars, or <party>/<name>`,
    }));
}

/** Refuses calendars that are never open at the same time, since a clock that needs all of them open would never breach. */
function commonFaults(
  document: LineDocument,
  calendars: Readonly<Record<string, PinnedCalendar>>,
  at: number,
): ProblemField[] {
  return hoursIn(document)
    .filter(({ hours }) => placesOf("", hours).every(({ name }) => name === "24x7" || Object.hasOwn(calendars, name)))
    .filter(({ hours }) => neverOpensAround(calendarFor(hours, calendars), at))
    .map((place) => ({
      at: place.at,
      message: typeof place.hours === "string" ? "never opens" : "these calendars are never open together",
    }));
}
