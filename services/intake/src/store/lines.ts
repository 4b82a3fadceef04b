import type { EventData } from "@crossline/contracts";
import { type Condition, type Line, compileLine, readCondition } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { type Lines as LinesOf, type PublishedLine, createLines as createLinesOf } from "@crossline/projection";

/**
 * The line that a case needs. If `name` is given, the case needs the named line, in the given version or else in the newest version. If
 * `name` is not given, the case needs the matching line or the default line.
 */
export type WantedLine = {
  readonly carrier: string;
  readonly name?: string | undefined;
  readonly version?: number | undefined;
};

type Mode = EventData<"line.published">["document"]["mode"];

/**
 * The stored line for a `WantedLine`. `version` is null if the line or version does not exist. `name` is null if no line was named and
 * the carrier has no default line.
 */
export type MatchedLine = {
  readonly name: string | null;
  readonly version: number | null;
  readonly mode: Mode | null;
  /** The newest versions of the carrier's lines that have a match condition. Null if the request named a line. */
  readonly asking: readonly { readonly name: string; readonly version: number; readonly mode: Mode }[] | null;
  /** True if the carrier has a known error on any timeline. Otherwise an opening reads no known errors. */
  readonly hasKnownErrors: boolean;
};

/** Returns the stored line for each wanted line, in the order of `wanted`. */
export async function matchLines(tx: Tx, wanted: readonly WantedLine[]): Promise<MatchedLine[]> {
  if (wanted.length === 0) return [];
  return tx.query<MatchedLine>({
    name: "line.match",
    text: `
      -- line.match
      select coalesce(wanted.name, line_default.name) as name, newest.version, newest.mode, asking.lines as asking,
        exists (select from problem where carrier = wanted.carrier and status = 'known-error') as "hasKnownErrors"
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

/** A compiled line with its order and match condition. */
type ChoosableLine = {
  readonly line: Line;
  readonly order?: number | undefined;
  readonly condition?: Condition;
};

/** The cache of compiled lines. */
export type Lines = LinesOf<ChoosableLine>;

/** Creates the cache of compiled lines. The cache does not contain the built-in line, because that line requires nothing of a case. */
export function createLines(): Lines {
  return createLinesOf<ChoosableLine>({ compile: compileChoosable });
}

function compileChoosable({ line: ref, document, calendars = {} }: PublishedLine): ChoosableLine {
  const { order, match } = document;
  const condition = match === undefined ? undefined : readCondition(match);
  return {
    line: compileLine(ref, document, calendars),
    ...(order !== undefined && { order }),
    ...(condition?.ok === true && { condition: condition.condition }),
  };
}

/** Saves the default line of a carrier and replaces the previous default line. */
export async function saveDefault(tx: Tx, { carrier, name }: EventData<"line.defaulted">): Promise<void> {
  await tx.query({
    text: `
      -- line-default.save
      insert into line_default (carrier, name) values ($1, $2)
      on conflict (carrier) do update set name = excluded.name`,
    values: [carrier, name],
  });
}
