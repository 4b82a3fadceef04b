import {
  type CalendarDocument,
  type ProblemField,
  type PublishedCalendar,
  type Refusal,
  formatInstant,
  refusal,
  isRefusal,
} from "@crossline/contracts";
import { lintCalendar } from "@crossline/domain";
import { type IdempotentOutcome, withIdempotency } from "@crossline/idempotency";
import { type Database, type Tx, now } from "@crossline/postgres";
import { type CalendarRow, countCalendars, insertCalendar, lockCalendars } from "../store/calendars.ts";
import type { CommandRequest } from "./change-case.ts";

const calendarsMax = 100;
const versionsMax = 1_000;

/**
 * A submitted calendar and its party. If `name` is present, the document is a new version of that calendar; otherwise the
 * document is a new calendar.
 */
type CalendarPublication = { readonly party: string; readonly name?: string; readonly written: unknown };

/**
 * Publishes a calendar if lint finds no error. A calendar version never changes. Lines that are published later use the new
 * version.
 */
export async function publishCalendar(
  database: Database,
  commandRequest: CommandRequest,
  { party, name, written: submitted }: CalendarPublication,
): Promise<IdempotentOutcome<PublishedCalendar>> {
  const checked = checkCalendar(submitted, name);
  if (!checked.ok) return refuseCalendarFaults(checked.faults);
  const { document } = checked;
  return withIdempotency<PublishedCalendar>(database, commandRequest, async (tx) => {
    await lockCalendars(tx, party);
    const version = await nextVersion(tx, party, document, name === undefined);
    if (isRefusal(version)) return version;
    const row = { party, name: document.calendar, version, document, createdAt: await now(tx) };
    await insertCalendar(tx, row);
    return { status: 201, body: presentCalendar(row) };
  });
}

/** Lints a submitted calendar. If `name` is present, the document must have that name. */
export function checkCalendar(submitted: unknown, name?: string): ReturnType<typeof lintCalendar> {
  const linted = lintCalendar(submitted);
  if (!linted.ok || name === undefined || linted.document.calendar === name) return linted;
  return { ok: false, faults: [{ at: "/calendar", message: `must be ${name}, the name in the address` }] };
}

async function nextVersion(
  tx: Tx,
  party: string,
  { calendar: name }: CalendarDocument,
  isNew: boolean,
): Promise<number | Refusal> {
  const { calendars, versions } = await countCalendars(tx, party, name);
  const address = `/v1/calendars/${party}/${name}/versions`;
  if (isNew && versions > 0) {
    return refusal("already_exists", `There is a calendar ${name}; publish a new version of it at ${address}.`, {
      facts: { newest: versions },
    });
  }
  if (!isNew && versions === 0)
    return refusal("not_found", `There is no calendar ${name}; publish it at /v1/calendars.`);
  if (versions === 0 && calendars >= calendarsMax)
    return refusal("limit_reached", `A party can have at most ${calendarsMax} calendars.`);
  if (versions >= versionsMax) return refusal("limit_reached", `A calendar can have at most ${versionsMax} versions.`);
  return versions + 1;
}

function refuseCalendarFaults(faults: readonly ProblemField[]): Refusal {
  const [first] = faults;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
  const place = first?.at === "" ? "The calendar" : first?.at;
  return refusal("calendar_does_not_lint", `${place} ${first?.message}${more}.`, { fields: faults });
}

export function presentCalendar({ party, name, version, document, createdAt }: CalendarRow): PublishedCalendar {
  return { calendar: { party, name, version }, document, createdAt: formatInstant(createdAt) };
}
