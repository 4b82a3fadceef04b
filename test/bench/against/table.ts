import { median } from "../frame.ts";
import type { MeasurementComparison } from "./verdict.ts";

/** Returns one row for each result, with the rounds of both builds, their medians and the verdict. */
export function tableOf(comparisons: readonly MeasurementComparison[]): string {
  const head = ["line", "unit", "base", "this tree", "medians", "verdict"];
  const rows = comparisons.map(({ name, unit, before, after, verdict }) => [
    name,
    unit,
    before.map(tidy).join(" "),
    after.map(tidy).join(" "),
    `${medianOf(before)} → ${medianOf(after)}`,
    verdict,
  ]);
  const widths = head.map((title, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? title).length)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  return [head, ...rows].map((row) => line(row).trimEnd()).join("\n");
}

function medianOf(numbers: readonly number[]): string {
  return numbers.length === 0 ? "—" : tidy(median(numbers));
}

function tidy(number: number): string {
  return Number.isFinite(number) ? number.toLocaleString("en", { maximumFractionDigits: 3 }) : "—";
}
