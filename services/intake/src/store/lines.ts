import type { EventData } from "@crossline/contracts";
import { type Condition, type Line, compileLine, readCondition } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { type Lines as LinesOf, type PublishedLine, createLines as createLinesOf } from "@crossline/projection";

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
type ChoosableLine = {
  readonly line: Line;
  readonly order?: number | undefined;
  readonly condition?: Condition;
};

export type Lines = LinesOf<ChoosableLine>;

/** Without the built-in line, which asks nothing of a case. */
export function createLines(): Lines {
  return createLinesOf<ChoosableLine>({ compile: compileChoosable });
}

function compileChoosable({ line: ref, document, calendars = {} }: PublishedLine): ChoosableLine {
  const { order, match } = document;
  const read = match === undefined ? undefined : readCondition(match);
  return {
    line: compileLine(ref, document, calendars),
    ...(order !== undefined && { order }),
    ...(read?.ok === true && { condition: read.condition }),
  };
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
