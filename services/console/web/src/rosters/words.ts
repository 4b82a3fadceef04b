import { dateOf, timeOfDay } from "../time/format.ts";
import type { Day, Span } from "./week.ts";

/** Formats a day, for example `Mon 2 Mar`. */
export function dayText(date: string): string {
  return Temporal.PlainDate.from(date).toLocaleString("en-GB", { weekday: "short", day: "numeric", month: "short" });
}

/** Returns the number of hours of a day with a clock change, and an empty text on other days. */
export function changeText({ hours }: Day): string {
  return hours === 24 ? "" : `${hours} h`;
}

/** Formats a span in a zone, for example `Mon 2 Mar 09:00 to 17:00`. The end of a day is 24:00. */
export function spanText({ from, to }: Span, zone: string): string {
  const first = dateOf(iso(from), zone);
  const end = endOf(to, zone);
  return `${dayText(first)} ${timeText(from, zone)} to ${end.date === first ? "" : `${dayText(end.date)} `}${end.time}`;
}

/** Formats the times of a span within one day, for example `09:00–24:00`. */
export function timesText({ from, to }: Span, zone: string): string {
  return `${timeText(from, zone)}–${endOf(to, zone).time}`;
}

/** Midnight at the end of a span belongs to the day before. */
function endOf(to: number, zone: string): { readonly date: string; readonly time: string } {
  const time = timeText(to, zone);
  return time === "00:00" ? { date: dateOf(iso(to - 1), zone), time: "24:00" } : { date: dateOf(iso(to), zone), time };
}

function timeText(ms: number, zone: string): string {
  return timeOfDay(iso(ms), zone, "minute");
}

function iso(ms: number): string {
  return Temporal.Instant.fromEpochMilliseconds(ms).toString();
}
