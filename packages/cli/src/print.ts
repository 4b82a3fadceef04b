import { stripVTControlCharacters } from "node:util";

/** Prints a row of the command's output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Prints a row of progress. */
export function say(text: string): void {
  process.stdout.write(`» ${stripVTControlCharacters(text)}\n`);
}

/** Prints a value as one JSON document, for programs. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2));
}

type TableRow = Readonly<Record<string, string | number | undefined>>;

const gap = 3;
const narrowest = 6;

/** Prints a table with a header. The columns are the fields of the first row. Without rows, prints `whenEmpty`, if given. */
export function printRows(rows: readonly TableRow[], whenEmpty?: string): void {
  const [first] = rows;
  if (first !== undefined) printTable([Object.fromEntries(Object.keys(first).map((name) => [name, name])), ...rows]);
  else if (whenEmpty !== undefined) print(whenEmpty);
}

/** Prints a table with a column for each field of the first row. On a terminal, the widest columns are cut to its width. */
export function printTable(rows: readonly TableRow[], available: number = process.stdout.columns ?? Infinity): void {
  const names = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => names.map((name) => toCell(row[name])));
  const widths = names.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  shrink(widths, available - 2 - gap * (names.length - 1));
  print("");
  for (const row of cells) {
    const shown = row.map((cell, column) => fit(cell, widths[column] ?? 0));
    print(`  ${shown.join(" ".repeat(gap)).trimEnd()}`);
  }
}

/** Returns a cell in one row. Control characters of a text could change the terminal. */
function toCell(value: string | number | undefined): string {
  return stripVTControlCharacters(String(value ?? "–")).replaceAll(/\p{Cc}+/gu, " ");
}

/** Reduces the widest column until all columns fit, but no column below a readable width. */
function shrink(widths: number[], available: number): void {
  while (widths.reduce((sum, width) => sum + width, 0) > available) {
    const widest = Math.max(...widths);
    if (widest <= narrowest) return;
    widths[widths.indexOf(widest)] = widest - 1;
  }
}

function fit(cell: string, width: number): string {
  return cell.length > width ? `${cell.slice(0, width - 1)}…` : cell.padEnd(width);
}
