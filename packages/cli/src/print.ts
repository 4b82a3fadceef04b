import { stripVTControlCharacters } from "node:util";

/** A line of what the story tells. */
export function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A line of what is going on. */
export function say(line: string): void {
  process.stdout.write(`» ${stripVTControlCharacters(line)}\n`);
}

/** A table with a column for each field, in the order of the first row's. */
export function printTable(rows: readonly Readonly<Record<string, string | number>>[]): void {
  const names = Object.keys(rows[0] ?? {});
  const width = (name: string): number => Math.max(...rows.map((row) => String(row[name]).length));
  const widths = names.map(width);
  tell("");
  for (const row of rows) {
    tell(
      `  ${names
        .map((name, index) => String(row[name]).padEnd(widths[index] ?? 0))
        .join("   ")
        .trimEnd()}`,
    );
  }
}
