import type { ImportRow, Refusal } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import { commitWithWrites } from "./commit.ts";
import { type ImportTarget, importRows } from "./import-rows.ts";
import { createRowReader } from "./row-reader.ts";
import type { OutboxGuard } from "../admission/outbox-guard.ts";

export type ImportDeps = {
  readonly database: Database;
  readonly guard: OutboxGuard;
  readonly onCommitted: () => void;
};

/** A stream of rows for an import. The first `importedRows` rows have been imported before. */
export type ImportSource = {
  readonly target: ImportTarget;
  readonly importedRows: number;
  readonly stream: AsyncIterable<Uint8Array>;
};

/** The counts of an import, and the refusal of the first row that could not be imported. */
export type ImportResult = {
  readonly importedRows: number;
  readonly taken: number;
  readonly skipped: number;
  readonly casesOpened: number;
  readonly fault: Refusal | undefined;
};

const rowsMax = 1_000;
const bytesMax = 8_000_000;

/**
 * Imports a stream of rows. While one transaction writes about a thousand rows, intake reads the next thousand rows. Intake stops
 * reading while the outbox is full. A slow broker therefore slows the sender and does not fill the memory. If the sender disconnects,
 * throws the error of the stream. The rows of earlier transactions stay imported.
 */
export async function importStream(
  { database, guard, onCommitted }: ImportDeps,
  { target, importedRows, stream }: ImportSource,
  signal: AbortSignal,
): Promise<ImportResult> {
  const reader = createRowReader(importedRows);
  const result = { importedRows, casesOpened: 0, fault: undefined as Refusal | undefined };
  let writing: Promise<void> = Promise.resolve();
  let rows: ImportRow[] = [];
  let bytes = 0;

  /** When the current transaction has ended, starts the next transaction with the rows that intake has read. */
  async function write(): Promise<void> {
    const taken = rows;
    [rows, bytes] = [[], 0];
    await writing;
    if (result.fault !== undefined || taken.length === 0) return;
    await guard.room(signal);
    writing = commitWithWrites(database, (tx) => importRows(tx, target, taken)).then(
      ({ fault, casesOpened, importedRows: done }) => {
        onCommitted();
        result.importedRows = done;
        result.casesOpened += casesOpened;
        result.fault = fault;
        return undefined;
      },
    );
    writing.catch(() => {}); // The next `await writing` throws the error.
  }

  let unreadable: Refusal | undefined;
  try {
    for await (const chunk of stream) {
      bytes += chunk.length;
      unreadable = reader.take(chunk, rows);
      if (unreadable === undefined && rows.length < rowsMax && bytes < bytesMax) continue;
      await write();
      if (unreadable !== undefined || result.fault !== undefined) break;
    }
    if (unreadable === undefined && result.fault === undefined) unreadable = reader.end(rows);
    await write();
  } finally {
    await writing;
  }
  const taken = result.importedRows - importedRows;
  return { ...result, taken, skipped: reader.skipped(), fault: result.fault ?? unreadable };
}
