import type { EventData } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

/** What a case asks for: a carrier's line by name, or its default. */
export type WantedLine = { readonly carrier: string; readonly name?: string | undefined };

/** What is known of it. Without a version there is no such line; `name` is null where a carrier has no default. */
export type MatchedLine = {
  readonly name: string | null;
  readonly version: number | null;
  readonly mode: EventData<"line.published">["document"]["mode"] | null;
};

/** The newest version of each line that is asked for, in the order of asking. */
export async function matchLines(tx: Tx, wanted: readonly WantedLine[]): Promise<MatchedLine[]> {
  if (wanted.length === 0) return [];
  return tx.query<MatchedLine>({
    name: "line.match",
    text: `
      -- line.match
      select coalesce(wanted.name, line_default.name) as name, newest.version, newest.mode
      from unnest($1::text[], $2::text[]) with ordinality as wanted (carrier, name, position)
      left join line_default on wanted.name is null and line_default.carrier = wanted.carrier
      left join lateral (
        select version, mode from line
        where line.carrier = wanted.carrier and line.name = coalesce(wanted.name, line_default.name)
        order by version desc limit 1
      ) as newest on true
      order by position`,
    values: [wanted.map(({ carrier }) => carrier), wanted.map(({ name }) => name ?? null)],
  });
}

export async function insertLines(tx: Tx, published: readonly EventData<"line.published">[]): Promise<void> {
  if (published.length === 0) return;
  await tx.query({
    text: `
      -- line.insert
      insert into line (carrier, name, version, mode)
      select * from unnest($1::text[], $2::text[], $3::integer[], $4::text[]) on conflict do nothing`,
    values: [
      published.map(({ line }) => line.carrier),
      published.map(({ line }) => line.name),
      published.map(({ line }) => line.version),
      published.map(({ document }) => document.mode),
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
