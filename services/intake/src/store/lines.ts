import type { EventData, LineRef } from "@crossline/contracts";
import { type Condition, type Line, compileLine, readCondition } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";

/** What a case asks for: a carrier's line by name, in a version or the newest; or whatever matches, else its default. */
export type WantedLine = {
  readonly carrier: string;
  readonly name?: string | undefined;
  readonly version?: number | undefined;
};

type Mode = EventData<"line.published">["document"]["mode"];

/** What is known of it. Without a version there is no such line; `name` is null where a carrier has no default. */
export type MatchedLine = {
  readonly name: string | null;
  readonly version: number | null;
  readonly mode: Mode | null;
  /** Where none is named: the newest versions of the lines that ask for cases. */
  readonly asking: readonly { readonly name: string; readonly version: number; readonly mode: Mode }[] | null;
};

/** The newest version of each line that is asked for, in the order of asking. */
export async function matchLines(tx: Tx, wanted: readonly WantedLine[]): Promise<MatchedLine[]> {
  if (wanted.length === 0) return [];
  return tx.query<MatchedLine>({
    name: "line.match",
    text: `
      -- line.match
      select coalesce(wanted.name, line_default.name) as name, newest.version, newest.mode, asking.lines as asking
      from unnest($1::text[], $2::text[], $3::integer[]) with ordinality as wanted (carrier, name, version, position)
      left join line_default on wanted.name is null and line_default.carrier = wanted.carrier
      left join lateral (
        select version, mode from line
        where line.carrier = wanted.carrier and line.name = coalesce(wanted.name, line_default.name)
          and line.version = coalesce(wanted.version, line.version)
        order by version desc limit 1
      ) as newest on true
      left join lateral (
        select json_agg(json_build_object('name', name, 'version', version, 'mode', mode)) as lines from (
          select distinct on (name) name, version, mode, matches from line
          where line.carrier = wanted.carrier and wanted.name is null
          order by name, version desc
        ) as latest where matches
      ) as asking on wanted.name is null
      order by position`,
    values: [
      wanted.map(({ carrier }) => carrier),
      wanted.map(({ name }) => name ?? null),
      wanted.map(({ version }) => version ?? null),
    ],
  });
}

/** A line as intake needs it. */
export type KnownLine = {
  readonly line: Line;
  readonly order?: number | undefined;
  readonly condition?: Condition;
};

/** Lines that were read, compiled; kept in the process, since a published version never changes. */
export type Lines = {
  /** Makes sure that these are at hand; one statement for what is missing. */
  load(tx: Tx, refs: readonly LineRef[]): Promise<void>;
  /** A line that was loaded; undefined for one that was told before intake kept what lines say. */
  find(ref: LineRef): KnownLine | undefined;
};

const keptMax = 10_000;

export function createLines(): Lines {
  const kept = new Map<string, KnownLine | undefined>();
  return {
    async load(tx, refs) {
      const missing = new Map<string, LineRef>();
      for (const ref of refs) if (!kept.has(nameOf(ref))) missing.set(nameOf(ref), ref);
      if (missing.size === 0) return;
      if (kept.size + missing.size > keptMax) kept.clear();
      for (const [name] of missing) kept.set(name, undefined);
      for (const published of await readLines(tx, [...missing.values()]))
        kept.set(nameOf(published.line), know(published));
    },
    find: (ref) => kept.get(nameOf(ref)),
  };
}

function know({ line: ref, document, calendars = {} }: Published): KnownLine {
  const { order, match } = document;
  const read = match === undefined ? undefined : readCondition(match);
  return {
    line: compileLine(ref, document, calendars),
    ...(order !== undefined && { order }),
    ...(read?.ok === true && { condition: read.condition }),
  };
}

function nameOf({ carrier, name, version }: LineRef): string {
  return `${carrier}/${name}@${version}`;
}

type Published = EventData<"line.published">;

async function readLines(tx: Tx, refs: readonly LineRef[]): Promise<Published[]> {
  type Found = LineRef & Pick<Published, "document"> & { readonly calendars: Published["calendars"] | null };
  const found = await tx.query<Found>({
    text: `
      -- line.read
      select carrier, name, version, document, calendars from line
      where (carrier, name, version) in (select * from unnest($1::text[], $2::text[], $3::integer[]))
        and document is not null`,
    values: [refs.map(({ carrier }) => carrier), refs.map(({ name }) => name), refs.map(({ version }) => version)],
  });
  return found.map(({ carrier, name, version, document, calendars }) => ({
    line: { carrier, name, version },
    document,
    ...(calendars !== null && { calendars }),
  }));
}

export async function insertLines(tx: Tx, published: readonly Published[]): Promise<void> {
  if (published.length === 0) return;
  await tx.query({
    text: `
      -- line.insert
      insert into line (carrier, name, version, mode, matches, document, calendars)
      select carrier, name, version, mode, matches, document::json, calendars::json
      from unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::boolean[], $6::text[], $7::text[])
        as new (carrier, name, version, mode, matches, document, calendars)
      on conflict do nothing`,
    values: [
      published.map(({ line }) => line.carrier),
      published.map(({ line }) => line.name),
      published.map(({ line }) => line.version),
      published.map(({ document }) => document.mode),
      published.map(({ document }) => document.match !== undefined),
      published.map(({ document }) => JSON.stringify(document)),
      published.map(({ calendars }) => (calendars === undefined ? null : JSON.stringify(calendars))),
    ],
  });
}

/** Sets what a carrier's cases get that name no line; the last one given counts. */
export async function saveDefault(tx: Tx, { carrier, name }: EventData<"line.defaulted">): Promise<void> {
  await tx.query({
    text: `
      -- line-default.save
      insert into line_default (carrier, name) values ($1, $2)
      on conflict (carrier) do update set name = excluded.name`,
    values: [carrier, name],
  });
}
