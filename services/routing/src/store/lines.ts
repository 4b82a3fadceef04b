import { type Instant, type LineDocument, type LineRef, type PinnedCalendar, importNames } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

export { lineName as nameOf } from "@crossline/projection";
export type { CompiledLines as Lines } from "@crossline/projection/compiled-lines";

export type LineRow = LineRef & {
  readonly document: LineDocument;
  readonly calendars: Readonly<Record<string, PinnedCalendar>> | undefined;
  readonly createdAt: Instant;
};

const columns = `carrier, name, version, document, calendars, created_at as "createdAt"`;

type StoredLine = Omit<LineRow, "calendars"> & { readonly calendars: LineRow["calendars"] | null };

function toRow(stored: StoredLine): LineRow {
  return { ...stored, calendars: stored.calendars ?? undefined };
}

/** Finds a version of a line, or the newest version if `version` is missing. */
export async function findLine(tx: Tx, carrier: string, name: string, version?: number): Promise<LineRow | undefined> {
  const [row] = await tx.query<StoredLine>({
    name: "routing.find-line",
    text: `
      -- routing.find-line
      select ${columns} from line
      where carrier = $1 and name = $2 and version = coalesce($3, version)
      order by version desc limit 1`,
    values: [carrier, name, version ?? null],
  });
  return row === undefined ? undefined : toRow(row);
}

/** Lists a carrier's lines whose names follow `after`, each in its newest version and ordered by name. */
export async function listLines(tx: Tx, carrier: string, after: string, limit: number): Promise<LineRow[]> {
  const rows = await tx.query<StoredLine>({
    text: `
      -- routing.list-lines
      select distinct on (name) ${columns} from line
      where carrier = $1 and name > $2
      order by name, version desc limit $3`,
    values: [carrier, after, limit],
  });
  return rows.map(toRow);
}

/** Locks the lines of a carrier until the transaction ends, because the transaction numbers versions and counts lines. */
export async function lockLines(tx: Tx, carrier: string): Promise<void> {
  await tx.query({
    text: `
      -- routing.lock-lines
      select pg_advisory_xact_lock(hashtextextended(current_schema() || '/lines/' || $1, 0))`,
    values: [carrier],
  });
}

/**
 * Counts the lines of a carrier, and the versions of the line `name`. If `name` belongs to an import, the function counts only
 * lines of imports; otherwise, it counts no lines of imports.
 */
export async function countLines(
  tx: Tx,
  carrier: string,
  name: string,
): Promise<{ readonly lines: number; readonly versions: number }> {
  const [row] = await tx.query<{ lines: number; versions: number }>({
    text: `
      -- routing.count-lines
      select count(distinct name) as lines, count(*) filter (where name = $2) as versions
      from line where carrier = $1 and (name ~ $3) = ($2 ~ $3)`,
    values: [carrier, name, importNames],
  });
  return row ?? { lines: 0, versions: 0 };
}

export async function insertLine(
  tx: Tx,
  { carrier, name, version, document, calendars, createdAt }: LineRow,
): Promise<void> {
  await tx.query({
    text: `
      -- routing.insert-line
      insert into line (carrier, name, version, document, calendars, created_at)
      values ($1, $2, $3, $4, $5, $6::timestamptz)`,
    values: [
      carrier,
      name,
      version,
      JSON.stringify(document),
      calendars === undefined ? null : JSON.stringify(calendars),
      toSql(createdAt),
    ],
  });
}
