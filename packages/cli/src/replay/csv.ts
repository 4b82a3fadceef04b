import { pipeline } from "node:stream";
import { CsvError, parse } from "csv-parse";

/**
 * Splits CSV text (RFC 4180: quotes, doubled quotes, newlines within quotes) into rows, as the chunks of a stream arrive. Rows may
 * differ in length. Empty rows are skipped. A quote in the middle of a field belongs to the field. Throws if the text
 * ends within a quoted field.
 */
export async function* parseCsv(chunks: AsyncIterable<string>): AsyncIterable<string[]> {
  const parser = parse({
    record_delimiter: ["\r\n", "\n"],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  try {
    // The loop throws each error of the pipeline, so the callback of the pipeline does nothing.
    for await (const row of pipeline(withLastNewline(chunks), parser, () => {})) yield row as string[];
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
