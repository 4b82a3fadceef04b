import { scaleLinear } from "d3-scale";
import type { Report } from "@crossline/contracts";
import { durationText } from "../time/format.ts";

export type ReportUnit = Report["unit"];

/** Formats the value of an indicator with its unit. A value that does not exist is a dash. */
export function valueText(value: number | null, unit: ReportUnit): string {
  if (value === null) return "–";
  switch (unit) {
    case "share":
      return `${trimmed(value * 100, 1)} %`;
    case "mean":
      return trimmed(value, 2);
    case "count":
      return value.toLocaleString("en-CA");
    case "milliseconds":
      return durationText(Math.round(value));
  }
}

/** Formats a difference of two values, with its sign. */
export function differenceText(value: number, unit: ReportUnit): string {
  const text = unit === "share" ? `${trimmed(value * 100, 1)} points` : valueText(value, unit);
  return value > 0 ? `+${text}` : text.replace("-", "−");
}

/** A bar in percent of the width of its cell. */
export type Bar = { readonly start: number; readonly width: number };

/** Returns a bar for each value on one scale from 0. A share has the scale up to 100 %. A value that does not exist has no bar. */
export function barsOf(values: readonly (number | null)[], unit: ReportUnit): readonly (Bar | undefined)[] {
  const known = values.filter((value) => value !== null);
  const most = unit === "share" ? 1 : Math.max(0, ...known);
  const least = Math.min(0, ...known);
  const place = scaleLinear([least, most === least ? least + 1 : most], [0, 100]);
  return values.map((value) =>
    value === null
      ? undefined
      : { start: place(Math.min(0, value)), width: place(Math.max(0, value)) - place(Math.min(0, value)) },
  );
}

function trimmed(value: number, digits: number): string {
  return value.toLocaleString("en-CA", { maximumFractionDigits: digits }).replace("-", "−");
}
