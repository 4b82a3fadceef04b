import type { CaseStatus } from "@crossline/contracts";
import { parseCsv } from "./csv.ts";
import { LogFault } from "./log-fault.ts";
import type { LogRow, MappedRow } from "./log-row.ts";
import { type Reading, mapRow } from "./map-row.ts";
import { type Mapping, incidentEventLog, standardXes } from "./mapping.ts";
import { readText } from "./open-log.ts";
import { States } from "./states.ts";
import { statusNamed } from "./xes-status.ts";
import { readXes } from "./xes.ts";

export type LogOptions = {
  /** The default reads the standard attributes of XES, or the columns of UCI 498. */
  readonly mapping?: Mapping | undefined;
  /** The file to read in a zip. */
  readonly entry?: string | undefined;
  /** Receives a sentence for each assumption about the log. */
  readonly note?: (text: string) => void;
};

/** Reads a log and returns the rows of each case, in time order. The log is XES or CSV, compressed or not. */
export async function readLog(
  file: string,
  { mapping, entry, note = () => {} }: LogOptions = {},
): Promise<Map<string, LogRow[]>> {
  const isXes = /\.xes(\.gz)?$/i.test(file);
  const read = mapping ?? (isXes ? standardXes : incidentEventLog);
  const reading = { mapping: read, states: new States(read) };
  const text = readText(file, entry);
  const rows = isXes ? readXes(text, file, reading) : readCsv(text, file, reading);
  const cases = new Map<string, MappedRow[]>();
  for await (const row of rows) {
    const history = cases.get(row.caseId);
    if (history === undefined) cases.set(row.caseId, [row]);
    else history.push(row);
  }
  reading.states.refuse(file);
  if (cases.size === 0) throw new LogFault(`${file} has no ${isXes ? "events" : "rows"}`);
  reading.states.notes().forEach(note);
  return sortRows(cases, note);
}

/** Sorts the rows. A row that leaves its case unchanged gets the state of the row before it. */
function sortRows(cases: ReadonlyMap<string, MappedRow[]>, note: (text: string) => void): Map<string, LogRow[]> {
  const sorted = new Map<string, LogRow[]>();
  let begun = 0;
  for (const [caseId, rows] of cases) {
    rows.sort((a, b) => a.time - b.time || a.order - b.order);
    if (rows[0]?.status === "unchanged") begun++;
    let before: CaseStatus = "acknowledged";
    const history = rows.map((row): LogRow => {
      before = row.status === "unchanged" ? before : row.status;
      return { ...row, status: before };
    });
    sorted.set(caseId, history);
  }
  if (begun > 0) {
    const which = begun === 1 ? "1 case begins" : `${begun} cases begin`;
    note(`${which} with a row that leaves its state unchanged. This state was read as acknowledged.`);
  }
  return sorted;
}

async function* readCsv(text: AsyncIterable<string>, file: string, reading: Reading): AsyncIterable<MappedRow> {
  let header: string[] | undefined;
  let line = 1;
  try {
    for await (const cells of parseCsv(text)) {
      if (header === undefined) header = checkHeader(cells, reading.mapping, file);
      else {
        const row = readRow(cells, header, reading, `${file}, row ${line}`);
        if (row !== undefined) yield row;
      }
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
  const columns = [mapping.case, mapping.time, mapping.status, ...optional, ...mapping.fields];
  const absent = columns.filter((name) => !header.includes(name));
  if (absent.length === 0) return header;
  throw new LogFault(
    `${file} has another form: it has no column ${absent.map((name) => `"${name}"`).join(", ")}. Describe its columns in a mapping file and pass it with --mapping FILE.`,
  );
}

function readRow(cells: readonly string[], header: readonly string[], reading: Reading, place: string) {
  if (cells.length !== header.length) {
    throw new LogFault(`${place}: it has ${cells.length} fields, and the header has ${header.length}`);
  }
  const builtIn = (word: string) => ({ named: statusNamed(word) });
  return mapRow((name) => cells[header.indexOf(name)], reading, place, { builtIn });
}
