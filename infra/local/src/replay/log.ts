import { createReadStream } from "node:fs";
import { open as openFile } from "node:fs/promises";
import { Readable } from "node:stream";
import type { CaseStatus } from "@crossline/contracts";
import yauzl from "yauzl";
import { parseCsv } from "./csv.ts";
import { type Mapping, parseTime } from "./mapping.ts";

/** One row of a recorded history: what a person of the case's holder did, and the state that they left it in. */
export type LogRow = {
  readonly caseId: string;
  readonly time: number;
  readonly order: number;
  readonly status: CaseStatus;
  readonly fields: Readonly<Record<string, string>>;
};

/** A log file that cannot be used, and why, in one sentence. */
class LogFault extends Error {
  override readonly name = "LogFault";
}

/** Reads a log (CSV, or a zip with one CSV) into rows by case, each in the order in which they happened. */
export async function readLog(file: string, mapping: Mapping): Promise<Map<string, LogRow[]>> {
  const rows = parseCsv(decode(await openLog(file), file));
  const cases = new Map<string, LogRow[]>();
  let header: string[] | undefined;
  let line = 1;
  try {
    for await (const cells of rows) {
      if (header === undefined) header = checkHeader(cells, mapping, file);
      else {
        const row = readRow(cells, header, mapping, `${file}, row ${line}`);
        const known = cases.get(row.caseId);
        if (known === undefined) cases.set(row.caseId, [row]);
        else known.push(row);
      }
      line++;
    }
  } catch (cause) {
    if (cause instanceof LogFault) throw cause;
    throw new LogFault(`${file} is damaged after row ${line - 1}: ${(cause as Error).message}`, { cause });
  }
  if (cases.size === 0) throw new LogFault(`${file} has no rows`);
  for (const rowsOfCase of cases.values()) rowsOfCase.sort((a, b) => a.time - b.time || a.order - b.order);
  return cases;
}

function checkHeader(header: string[], mapping: Mapping, file: string): string[] {
  const wanted = [
    mapping.case,
    mapping.time,
    mapping.status,
    ...(mapping.order === undefined ? [] : [mapping.order]),
    ...mapping.fields,
  ];
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
  const cell = (name: string): string => cells[header.indexOf(name)] ?? "";
  const time = parseTime(cell(mapping.time), mapping.timeFormat);
  if (time === undefined)
    throw new LogFault(`${place}: "${cell(mapping.time)}" is no time of the form ${mapping.timeFormat}`);
  const order = mapping.order === undefined ? 0 : Number(cell(mapping.order));
  if (Number.isNaN(order))
    throw new LogFault(`${place}: "${cell(mapping.order ?? "")}" in ${mapping.order} is no number`);
  const status = mapping.statuses[cell(mapping.status)] ?? mapping.otherStatus;
  if (status === undefined)
    throw new LogFault(`${place}: the mapping does not say what the state "${cell(mapping.status)}" means`);
  const caseId = cell(mapping.case);
  if (caseId === "" || caseId === mapping.missing) throw new LogFault(`${place}: no case in column ${mapping.case}`);
  const fields = Object.fromEntries(
    mapping.fields.map((name) => [name, cell(name)] as const).filter(([, value]) => value !== mapping.missing),
  );
  return { caseId, time, order, status, fields };
}

async function* decode(bytes: Readable, file: string): AsyncIterable<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const chunk of bytes) {
    try {
      yield decoder.decode(chunk as Buffer, { stream: true });
    } catch (cause) {
      throw new LogFault(`${file} is not text in UTF-8`, { cause });
    }
  }
}

async function openLog(file: string): Promise<Readable> {
  const head = Buffer.alloc(4);
  try {
    await using handle = await openFile(file);
    await handle.read(head, 0, 4, 0);
  } catch (cause) {
    throw new LogFault(`cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
  return head.toString("latin1") === "PK\u0003\u0004" ? unzip(file) : createReadStream(file);
}

async function unzip(file: string): Promise<Readable> {
  const fault = (cause: unknown) => new LogFault(`${file} is a damaged zip: ${(cause as Error).message}`, { cause });
  return new Promise((resolve, reject) => {
    yauzl.open(file, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(fault(error));
      zip.on("error", (cause: unknown) => reject(fault(cause)));
      zip.on("end", () => reject(new LogFault(`${file} has no .csv in it`)));
      zip.on("entry", (entry: yauzl.Entry) => {
        if (!entry.fileName.endsWith(".csv")) return zip.readEntry();
        return zip.openReadStream(entry, (cause, stream) => (cause ? reject(fault(cause)) : resolve(stream)));
      });
      zip.readEntry();
      return undefined;
    });
  });
}
