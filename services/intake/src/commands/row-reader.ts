import { isUtf8 } from "node:buffer";
import { type ImportRow, type Refusal, importRow, importRowBytesMax, refusal } from "@crossline/contracts";
import { UnreadableBody, isRefusal, parseBody, refuseInvalid } from "@crossline/service";

const lineEnd = 10;

/** Splits the body of an import into rows. */
export type RowReader = {
  /** Reads the next bytes and adds each new row to `rows` when the row is complete. Returns a refusal if a row is faulty. */
  take(bytes: Uint8Array, rows: ImportRow[]): Refusal | undefined;
  /** Reads the last row, which need not end with a line feed. */
  end(rows: ImportRow[]): Refusal | undefined;
  /** Returns how many rows the reader skipped because they had been imported before. */
  skipped(): number;
};

/** Creates a reader. The reader skips rows up to the number `importedRows`. The next row must have the number after `importedRows`. */
export function createRowReader(importedRows: number): RowReader {
  let rest: Buffer = Buffer.alloc(0);
  let last = importedRows;
  let skipped = 0;

  function read(line: Buffer, rows: ImportRow[]): Refusal | undefined {
    if (line.length > importRowBytesMax) return refuseLarge(last + 1);
    if (isBlank(line)) return undefined;
    const row = parseRow(line, last + 1);
    if (isRefusal(row)) return row;
    if (row.row <= last) {
      skipped++;
      return undefined;
    }
    if (row.row !== last + 1) {
      return refuseRow(row.row, "/row", `follows row ${last}, but row ${last + 1} is missing`, "invalid_request");
    }
    last = row.row;
    rows.push(row);
    return undefined;
  }

  return {
    take(bytes, rows) {
      const all =
        rest.length === 0 ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length) : Buffer.concat([rest, bytes]);
      let from = 0;
      for (let to = all.indexOf(lineEnd); to !== -1; from = to + 1, to = all.indexOf(lineEnd, from)) {
        const fault = read(all.subarray(from, to), rows);
        if (fault !== undefined) return fault;
      }
      rest = all.subarray(from);
      return rest.length > importRowBytesMax ? refuseLarge(last + 1) : undefined;
    },
    end: (rows) => read(rest, rows),
    skipped: () => skipped,
  };
}

function isBlank(line: Buffer): boolean {
  return line.length === 0 || (line.length === 1 && line[0] === 13);
}

function parseRow(line: Buffer, expected: number): ImportRow | Refusal {
  if (!isUtf8(line)) return refuseRow(expected, "", "is not UTF-8 text", "invalid_request");
  let value: unknown;
  try {
    value = parseBody(line.toString("utf8"));
  } catch (error) {
    if (!(error instanceof UnreadableBody)) throw error;
    return refuseRow(expected, error.refused.fields?.[0]?.at ?? "", error.refused.detail, "invalid_request");
  }
  const read = importRow.safeParse(value);
  if (read.success) return read.data;
  const given = (value as { row?: unknown } | null)?.row;
  const row = Number.isSafeInteger(given) ? Number(given) : expected;
  const { fields = [], detail } = refuseInvalid("body", read.error.issues);
  return { ...refuseRow(row, "", detail, "invalid_request"), fields };
}

/** Returns the refusal of the row with this number. All earlier rows are imported. */
export function refuseRow(row: number, at: string, message: string, code: Refusal["code"]): Refusal {
  return refusal(code, `Row ${row}: ${message}. The rows before it are imported.`, {
    fields: [{ at, message }],
    facts: { row },
  });
}

function refuseLarge(row: number): Refusal {
  return refuseRow(row, "", `is larger than ${importRowBytesMax} bytes`, "too_large");
}
