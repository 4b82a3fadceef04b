import type { EventData, LineRef } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import { type AuditedLine, builtinLine, readLine } from "../rules/index.ts";

/** Lines as they were read, kept in the process: a published version never changes. */
export type Lines = {
  /** Makes sure that these are at hand; asks the table for what is missing, in one statement. */
  load(tx: Tx, refs: Iterable<LineRef>): Promise<void>;
  /** A line that was loaded. Throws where it was never published: its case is parked then. */
  readonly get: (ref: LineRef) => AuditedLine;
};

const keptMax = 10_000;
const builtinName = "builtin/default@1";

export function createLines(): Lines {
  const kept = new Map<string, AuditedLine>([[builtinName, builtinLine]]);
  return {
    async load(tx, refs) {
      const missing = new Map<string, LineRef>();
      for (const ref of refs) if (!kept.has(nameOf(ref))) missing.set(nameOf(ref), ref);
      if (missing.size === 0) return;
      if (kept.size + missing.size > keptMax) {
        kept.clear();
        kept.set(builtinName, builtinLine);
      }
      for (const { line, document, calendars } of await readLines(tx, [...missing.values()])) {
        kept.set(nameOf(line), readLine(document, calendars));
      }
    },
    get(ref) {
      const line = kept.get(nameOf(ref));
      if (line === undefined) throw new Error(`the line ${nameOf(ref)} was never published`);
      return line;
    },
  };
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
      -- auditor.insert-lines
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

async function readLines(tx: Tx, refs: readonly LineRef[]): Promise<Published[]> {
  type Found = LineRef & Pick<Published, "document"> & { readonly calendars: Published["calendars"] | null };
  const found = await tx.query<Found>({
    text: `
      -- auditor.read-lines
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
