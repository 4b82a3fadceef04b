import { pipeline } from "node:stream";
import { CsvError, type Options, parse } from "csv-parse";

/** A row of CSV, with the number of its last line in the file, from 1. */
export type NumberedRow = { readonly number: number; readonly fields: readonly string[] };

/** Does the same as `parseCsv`, and adds the number of each row. A byte order mark at the start of the text is skipped. */
export async function* parseNumberedCsv(chunks: AsyncIterable<string>): AsyncIterable<NumberedRow> {
  for await (const row of rowsOf(chunks, { info: true, bom: true })) {
    const { record, info } = row as { readonly record: string[]; readonly info: { readonly lines: number } };
    yield { number: info.lines, fields: record };
  }
}

/**
 * Splits CSV text (RFC 4180: quotes, doubled quotes, newlines within quotes) into rows, as the chunks of a stream arrive. Rows may
 * differ in length. Empty rows are skipped. A quote in the middle of a field belongs to the field. Throws if the text
 * ends within a quoted field.
 */
export async function* parseCsv(chunks: AsyncIterable<string>): AsyncIterable<string[]> {
  for await (const row of rowsOf(chunks, {})) yield row as string[];
}

async function* rowsOf(chunks: AsyncIterable<string>, options: Options): AsyncIterable<unknown> {
  const parser = parse({
    ...options,
    record_delimiter: ["\r\n", "\n"],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  try {
    // The loop throws each error of the pipeline, so the callback of the pipeline does nothing.
    for await (const row of pipeline(withLastNewline(chunks), parser, () => {})) yield row as unknown;
  } catch (cause) {
    if (!(cause instanceof CsvError && cause.code === "CSV_QUOTE_NOT_CLOSED")) throw cause;
    throw new Error("the file ends within a quoted field", { cause });
  }
}

/** Adds a newline, because the last row may end without a newline, or with only the first half of CRLF. */
async function* withLastNewline(chunks: AsyncIterable<string>): AsyncIterable<string> {
  yield* chunks;
  yield "\n";
}
