import { stripVTControlCharacters } from "node:util";

/** Prints a row of the command's output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Prints a row of progress. */
export function say(text: string): void {
  process.stdout.write(`» ${stripVTControlCharacters(text)}\n`);
}

/** Prints a table with a column for each field of the first row. */
export function printTable(rows: readonly Readonly<Record<string, string | number>>[]): void {
  const names = Object.keys(rows[0] ?? {});
  const width = (name: string): number => Math.max(...rows.map((row) => String(row[name]).length));
  const widths = names.map(width);
  print("");
  for (const row of rows) {
    print(
      `  ${names
        .map((name, index) => String(row[name]).padEnd(widths[index] ?? 0))
        .join("   ")
        .trimEnd()}`,
    );
  }
}
