import { type CalendarDocument, type Instant, importNames } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

export type CalendarRow = {
  readonly party: string;
  readonly name: string;
  readonly version: number;
  readonly document: CalendarDocument;
  readonly createdAt: Instant;
};

const columns = `party, name, version, document, created_at as "createdAt"`;

/** Finds a version of a calendar, or the newest version if `version` is missing. */
export async function findCalendar(
  tx: Tx,
  party: string,
  name: string,
  version?: number,
): Promise<CalendarRow | undefined> {
  const [row] = await tx.query<CalendarRow>({
    name: "routing.find-calendar",
    text: `
      -- routing.find-calendar
      select ${columns} from calendar
      where party = $1 and name = $2 and version = coalesce($3, version)
      order by version desc limit 1`,
    values: [party, name, version ?? null],
  });
  return row;
}

/** Finds the newest versions of these calendars. The result omits calendars that are not published. */
export function findNewestCalendars(
  tx: Tx,
  wanted: readonly { readonly party: string; readonly name: string }[],
): Promise<CalendarRow[]> {
  return tx.query({
    text: `
      -- routing.find-newest-calendars
      select distinct on (party, name) ${columns} from calendar
      where (party, name) in (select * from unnest($1::text[], $2::text[]))
      order by party, name, version desc`,
    values: [wanted.map(({ party }) => party), wanted.map(({ name }) => name)],
  });
}

/**
 * Lists the newest version of each calendar that follows `after` in the order of party and name. If `party` is missing, lists
 * the calendars of all parties.
 */
export function listCalendars(
  tx: Tx,
  party: string | undefined,
  after: { readonly party: string; readonly name: string },
  limit: number,
): Promise<CalendarRow[]> {
  return tx.query({
    text: `
      -- routing.list-calendars
      select distinct on (party, name) ${columns} from calendar
      where (party, name) > ($2, $3) and ($1::text is null or party = $1)
      order by party, name, version desc limit $4`,
    values: [party ?? null, after.party, after.name, limit],
  });
}

/** Lists the versions of a calendar whose numbers are lower than `below`, the newest first. */
export function listCalendarVersions(
  tx: Tx,
  { party, name }: { readonly party: string; readonly name: string },
  below: number,
  limit: number,
): Promise<CalendarRow[]> {
  return tx.query({
    text: `
      -- routing.list-calendar-versions
      select ${columns} from calendar
      where party = $1 and name = $2 and version < $3
      order by version desc limit $4`,
    values: [party, name, below, limit],
  });
}

/** Locks the calendars of a party until the transaction ends, because the transaction numbers versions and counts calendars. */
export async function lockCalendars(tx: Tx, party: string): Promise<void> {
  await tx.query({
    text: `
      -- routing.lock-calendars
      select pg_advisory_xact_lock(hashtextextended(current_schema() || '/calendars/' || $1, 0))`,
    values: [party],
  });
}

/**
 * Counts the calendars of a party, and the versions of the calendar `name`. If `name` belongs to an import, the function counts
 * only calendars of imports; otherwise, it counts no calendars of imports.
 */
export async function countCalendars(
  tx: Tx,
  party: string,
  name: string,
): Promise<{ readonly calendars: number; readonly versions: number }> {
  const [row] = await tx.query<{ calendars: number; versions: number }>({
    text: `
      -- routing.count-calendars
      select count(distinct name) as calendars, count(*) filter (where name = $2) as versions
      from calendar where party = $1 and (name ~ $3) = ($2 ~ $3)`,
    values: [party, name, importNames],
  });
  return row ?? { calendars: 0, versions: 0 };
}

export async function insertCalendar(
  tx: Tx,
  { party, name, version, document, createdAt }: CalendarRow,
): Promise<void> {
  await tx.query({
    text: `
      -- routing.insert-calendar
      insert into calendar (party, name, version, document, created_at) values ($1, $2, $3, $4, $5::timestamptz)`,
    values: [party, name, version, JSON.stringify(document), toSql(createdAt)],
  });
}
