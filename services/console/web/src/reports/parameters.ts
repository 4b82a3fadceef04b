import type { ReportDimension } from "@crossline/contracts";
import { viewerZone } from "../time/format.ts";
import { type ReportSearch, chosenDimensions } from "./search.ts";

type Parameters = Readonly<Record<string, string | undefined>>;

/** Returns the parameters of `GET /v1/reports/{indicator}`. Only the filters that the indicator has are sent. */
export function reportParameters(search: ReportSearch, possible: readonly ReportDimension[]): Parameters {
  const by = chosenDimensions(search, possible).join(",");
  return {
    ...selectionParameters(search, possible),
    by,
    period: search.period,
    zone: zoneOf(search),
  };
}

/** Returns the parameters that select the counted things: the filters and the time. */
export function selectionParameters(search: ReportSearch, possible: readonly ReportDimension[]): Parameters {
  return {
    timeline: search.timeline,
    ...Object.fromEntries(possible.map((name) => [name, search[name]])),
    from: search.from && startOf(search.from, zoneOf(search)),
    to: search.to && startOf(search.to, zoneOf(search)),
  };
}

/** Returns the parameters of the list of cases behind one row: those of the report, its group, and its period within the time. */
export function casesParameters(
  search: ReportSearch,
  possible: readonly ReportDimension[],
  group: Readonly<Record<string, string>>,
): Parameters {
  const { period: day, ...values } = group;
  const selected = selectionParameters(search, possible);
  if (day === undefined || search.period === undefined) return { ...selected, ...values };
  const first = Temporal.PlainDate.from(day);
  const next = first.add(
    { day: { days: 1 }, week: { days: 7 }, month: { months: 1 }, quarter: { months: 3 } }[search.period],
  );
  const zone = zoneOf(search);
  return {
    ...selected,
    ...values,
    from: later(selected["from"], startOf(day, zone)),
    to: earlier(selected["to"], startOf(next.toString(), zone)),
  };
}

/** Returns the zone of the days and periods. */
export function zoneOf({ zone }: ReportSearch): string {
  return zone ?? viewerZone;
}

/** Returns the instant at which a day begins in a zone. */
export function startOf(day: string, zone: string): string {
  return Temporal.PlainDate.from(day).toZonedDateTime(zone).toInstant().toString();
}

function later(one: string | undefined, other: string): string {
  return one === undefined || Date.parse(one) < Date.parse(other) ? other : one;
}

function earlier(one: string | undefined, other: string): string {
  return one === undefined || Date.parse(one) > Date.parse(other) ? other : one;
}
