import type { ReportDimension } from "@crossline/contracts";
import { type TimelineSearch, timelineIn } from "../shell/timeline-search.ts";
import { isDay, isZone } from "../time/fitting.ts";

/** The dimensions of reports, in the order in which the screen shows them. */
const dimensions = [
  "model",
  "os",
  "osVersion",
  "symptom",
  "channel",
  "kind",
  "line",
  "pool",
  "queue",
  "company",
  "code",
] as const satisfies readonly ReportDimension[];
export const periods = ["day", "week", "month", "quarter"] as const;

/** The parameters of the screen in its address. Dates are days in `zone`. */
export type ReportSearch = TimelineSearch & {
  /** An indicator, or one of the other reports. */
  readonly report?: string;
  /** Dimensions with commas. */
  readonly by?: string;
  readonly period?: (typeof periods)[number];
  readonly from?: string;
  readonly to?: string;
  readonly zone?: string;
  /** The group whose cases are listed. An empty object is the row of a report without groups. */
  readonly of?: Readonly<Record<string, string>>;
  /** The first day after a change, for a comparison. */
  readonly date?: string;
} & Readonly<Partial<Record<ReportDimension, string>>>;

/** Reads the parameters of the screen from its address. A parameter that does not fit is left out. */
export function reportSearch(search: Readonly<Record<string, unknown>>): ReportSearch {
  const period = periods.find((name) => name === search["period"]);
  const texts = ["report", "by", ...dimensions].flatMap((name) => keep(name, textOf(search[name])));
  const days = ["from", "to", "date"].flatMap((name) => keep(name, dayOf(search[name])));
  const zone = textOf(search["zone"]);
  const of = groupOf(search["of"]);
  return {
    ...timelineIn(search),
    ...Object.fromEntries([...texts, ...days]),
    ...(period !== undefined && { period }),
    ...(zone !== undefined && isZone(zone) && { zone }),
    ...(of !== undefined && { of }),
  };
}

/** Returns the chosen dimensions that an indicator has. */
export function chosenDimensions(
  { by }: ReportSearch,
  possible: readonly ReportDimension[],
): readonly ReportDimension[] {
  const chosen = by?.split(",") ?? [];
  return possible.filter((name) => chosen.includes(name));
}

function keep(name: string, value: string | undefined): readonly (readonly [string, string])[] {
  return value === undefined ? [] : [[name, value]];
}

function textOf(value: unknown): string | undefined {
  // The router reads a value such as 8700 as a number.
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text.trim() !== "" ? text.trim() : undefined;
}

function dayOf(value: unknown): string | undefined {
  return typeof value === "string" && isDay(value) ? value : undefined;
}

function groupOf(value: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const group = Object.fromEntries(Object.entries(value).flatMap(([name, one]) => keep(name, textOf(one))));
  const { period } = group;
  return period === undefined || isDay(period) ? group : undefined;
}
