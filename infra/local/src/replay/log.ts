import type { CaseStatus } from "@crossline/contracts";
import { parseCsv } from "./csv.ts";
import { LogFault } from "./log-fault.ts";
import { mapRow } from "./map-row.ts";
import { type Mapping, incidentEventLog } from "./mapping.ts";
import { readText } from "./open-log.ts";
import { readXes } from "./xes.ts";

/** One row of a recorded history: what a person of the case's holder did, and the state that they left it in. */
export type LogRow = {
  readonly caseId: string;
  readonly time: number;
  readonly order: number;
  readonly status: CaseStatus;
  readonly person?: string;
  /** Who had the case then, where the log says it: a group or a desk. */
  readonly holder?: string;
  readonly fields: Readonly<Record<string, string>>;
};

/**
 * Reads a log (XES or CSV, packed or not) into rows by case, each in the order in which they happened. Without a mapping the
 * standard attributes of XES are read, or the columns of UCI 498.
 */
export async function readLog(file: string, mapping?: Mapping): Promise<Map<string, LogRow[]>> {
  const text = readText(file);
  const isXes = /\.xes(\.gz)?$/i.test(file);
  const rows = isXes ? readXes(text, file, mapping) : readCsv(text, file, mapping ?? incidentEventLog);
  const cases = new Map<string, LogRow[]>();
  for await (const row of rows) {
    const known = cases.get(row.caseId);
    if (known === undefined) cases.set(row.caseId, [row]);
    else known.push(row);
  }
  if (cases.size === 0) throw new LogFault(`${file} has no ${isXes ? "events" : "rows"}`);
  for (const rowsOfCase of cases.values()) rowsOfCase.sort((a, b) => a.time - b.time || a.order - b.order);
  return cases;
}

async function* readCsv(text: AsyncIterable<string>, file: string, mapping: Mapping): AsyncIterable<LogRow> {
  let header: string[] | undefined;
  let line = 1;
  try {
    for await (const cells of parseCsv(text)) {
      if (header === undefined) header = checkHeader(cells, mapping, file);
      else yield readRow(cells, header, mapping, `${file}, row ${line}`);
      line++;
    }
  } catch (cause) {
    if (cause instanceof LogFault) throw cause;
    throw new LogFault(`${file} is damaged after row ${line - 1}: ${(cause as Error).message}`, { cause });
  }
}

function checkHeader(header: string[], mapping: Mapping, file: string): string[] {
  const { order, person, holder } = mapping;
  const optional = [order, person, holder].filter((name) => name !== undefined);
  const wanted = [mapping.case, mapping.time, mapping.status, ...optional, ...mapping.fields];
  const absent = wanted.filter((name) => !header.includes(name));
  if (absent.length === 0) return header;
  throw new LogFault(
    `${file} is another kind of log: it has no column ${absent.map((name) => `"${name}"`).join(", ")}. Describe its columns in a file and pass it with --mapping FILE.`,
  );
}

function readRow(cells: readonly string[], header: readonly string[], mapping: Mapping, place: string): LogRow {
  if (cells.length !== header.length) {
    throw new LogFault(`${place}: ${cells.length} fields where the header has ${header.length}`);
  }
  return mapRow((name) => cells[header.indexOf(name)], mapping, place);
}
