import type { EventData, LineRef } from "@crossline/contracts";
import { type Line, builtinLine, closedCalendars, compileLine } from "@crossline/domain";
import { type Tx, now } from "@crossline/postgres";

/** Compiled lines, kept in the process: a published version never changes. */
export type Lines = {
  /** Makes sure that these are at hand; asks the table for what is missing, in one statement. */
  load(tx: Tx, refs: Iterable<LineRef>): Promise<void>;
  /** A line that was loaded. Throws where it was never published: its case is parked then. */
  get(ref: LineRef): Line;
};

const keptMax = 10_000;

/** `onClosed` hears which calendars of a line do not open at all, so that they count as 24x7: somebody has to mend them. */
export function createLines(onClosed?: (line: LineRef, calendars: readonly string[]) => void): Lines {
  const kept = new Map<string, Line>([[nameOf(builtinLine.ref), builtinLine]]);
  // Mostly the same line is asked for again, three times for each case: building its name each time was 4 % of a firing.
  let last = builtinLine;

  function find(ref: LineRef): Line | undefined {
    if (isSame(last.ref, ref)) return last;
    const line = kept.get(nameOf(ref));
    if (line !== undefined) last = line;
    return line;
  }

  return {
    async load(tx, refs) {
      const missing = new Map<string, LineRef>();
      for (const ref of refs) if (find(ref) === undefined) missing.set(nameOf(ref), ref);
      if (missing.size === 0) return;
      if (kept.size + missing.size > keptMax) {
        kept.clear();
        kept.set(nameOf(builtinLine.ref), builtinLine);
      }
      for (const { line: ref, document, calendars } of await readLines(tx, [...missing.values()])) {
        const line = compileLine(ref, document, calendars);
        kept.set(nameOf(ref), line);
        if (onClosed !== undefined && calendars !== undefined) onClosed(ref, closedCalendars(line, await now(tx)));
      }
    },
    get(ref) {
      const line = find(ref);
      if (line === undefined) throw new Error(`the line ${nameOf(ref)} was never published`);
      return line;
    },
  };
}

function isSame(one: LineRef, other: LineRef): boolean {
  return one.version === other.version && one.name === other.name && one.carrier === other.carrier;
}

function nameOf({ carrier, name, version }: LineRef): string {
  return `${carrier}/${name}@${version}`;
}

type Published = EventData<"line.published">;

/** Keeps published lines; one that is there already stays as it is. */
export async function insertLines(tx: Tx, published: readonly Published[]): Promise<void> {
  if (published.length === 0) return;
  await tx.query({
    text: `
      -- timer.insert-lines
      insert into line (carrier, name, version, document, calendars)
      select carrier, name, version, document::json, calendars::json
      from unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::text[])
        as new (carrier, name, version, document, calendars)
      on conflict do nothing`,
    values: [
      published.map(({ line }) => line.carrier),
      published.map(({ line }) => line.name),
      published.map(({ line }) => line.version),
      published.map(({ document }) => JSON.stringify(document)),
      published.map(({ calendars }) => (calendars === undefined ? null : JSON.stringify(calendars))),
    ],
  });
}

/** A published version of a carrier's line: the one that is named, or the newest. */
export async function findNewestLine(
  tx: Tx,
  carrier: string,
  name: string,
  version: number | undefined,
): Promise<LineRef | undefined> {
  const [row] = await tx.query<LineRef>({
    text: `
      -- timer.find-newest-line
      select carrier, name, version from line
      where carrier = $1 and name = $2 and version = coalesce($3, version)
      order by version desc limit 1`,
    values: [carrier, name, version ?? null],
  });
  return row;
}

async function readLines(tx: Tx, refs: readonly LineRef[]): Promise<Published[]> {
  type Found = LineRef & Pick<Published, "document"> & { readonly calendars: Published["calendars"] | null };
  const found = await tx.query<Found>({
    text: `
      -- timer.read-lines
      select carrier, name, version, document, calendars from line
      where (carrier, name, version) in (select * from unnest($1::text[], $2::text[], $3::integer[]))`,
    values: [refs.map(({ carrier }) => carrier), refs.map(({ name }) => name), refs.map(({ version }) => version)],
  });
  return found.map(({ carrier, name, version, document, calendars }) => ({
    line: { carrier, name, version },
    document,
    ...(calendars !== null && { calendars }),
  }));
}
