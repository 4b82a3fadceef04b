/** A cell of a table. `null` is an empty cell. */
export type Cell = string | number | null;

/** The first characters with which a spreadsheet program begins a formula. */
const formula = /^[=+\-@\t\r]/;

/**
 * Writes a table as CSV (RFC 4180) with a header. A text that a spreadsheet program would execute as a formula gets a `'` before it,
 * because carriers choose the names of models. Numbers stay as they are.
 */
export function writeCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows].map((row) => `${row.map(writeCell).join(",")}\r\n`).join("");
}

function writeCell(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = formula.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
