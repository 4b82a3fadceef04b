import type { EventData, LineRef, ReceivedMessage } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

/** A published version of a line, with the calendars that its document names. */
export type PublishedLine = EventData<"line.published">;

/**
 * Returns the text `<carrier>/<name>@<version>`, which names a line's version and is the key of its records on the line
 * topic.
 */
export function lineName({ carrier, name, version }: LineRef): string {
  return `${carrier}/${name}@${version}`;
}

/** Applies the events of the line topic and skips other events, so a consumer can pass a whole batch. */
export async function applyLines(tx: Tx, events: readonly ReceivedMessage[]): Promise<void> {
  const published = events.filter(({ type }) => type === "line.published");
  await insertLines(
    tx,
    published.map(({ data }) => data as PublishedLine),
  );
}

/** Saves published lines; an existing version stays unchanged. Sends no statement for an empty list. */
export async function insertLines(tx: Tx, published: readonly PublishedLine[]): Promise<void> {
  if (published.length === 0) return;
  await tx.query({
    text: `
      -- projection.insert-lines
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

/** Returns the published lines among these versions, in any order. */
export async function readLines(tx: Tx, refs: readonly LineRef[]): Promise<PublishedLine[]> {
  type Row = LineRef & Pick<PublishedLine, "document"> & { readonly calendars: PublishedLine["calendars"] | null };
  const rows = await tx.query<Row>({
    text: `
      -- projection.read-lines
      select carrier, name, version, document, calendars from line
      where (carrier, name, version) in (select * from unnest($1::text[], $2::text[], $3::integer[]))`,
    values: [refs.map(({ carrier }) => carrier), refs.map(({ name }) => name), refs.map(({ version }) => version)],
  });
  return rows.map(({ carrier, name, version, document, calendars }) => ({
    line: { carrier, name, version },
    document,
    ...(calendars !== null && { calendars }),
  }));
}
