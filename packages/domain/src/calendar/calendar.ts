import type { DurationMs, Instant } from "@crossline/contracts";

/** When a party's people work. So far only the calendar that never closes; named calendars come with their own issue. */
export type Calendar = { readonly name: "24x7"; readonly version: number };

/** Open at every instant, in every zone. */
export const allHours: Calendar = { name: "24x7", version: 1 };

/** Open time in the half-open interval [from, to); 0 where it is empty or inverted. */
export function openBetween(calendar: Calendar, from: Instant, to: Instant): DurationMs {
  switch (calendar.name) {
    case "24x7":
      return Math.max(0, to - from);
  }
}

/** The instant at which `open` milliseconds of open time have passed since `from`. */
export function addOpen(calendar: Calendar, from: Instant, open: DurationMs): Instant {
  switch (calendar.name) {
    case "24x7":
      return from + open;
  }
}
