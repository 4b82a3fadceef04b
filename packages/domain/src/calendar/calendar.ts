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

/** The latest instant from which `open` milliseconds of open time are left until `to`. */
export function subtractOpen(calendar: Calendar, to: Instant, open: DurationMs): Instant {
  switch (calendar.name) {
    case "24x7":
      return to - open;
  }
}

/** Whether somebody is there at an instant. */
export function isOpenAt(calendar: Calendar, _at: Instant): boolean {
  switch (calendar.name) {
    case "24x7":
      return true;
  }
}

/** The first open instant at or after `at`. */
export function nextOpening(calendar: Calendar, at: Instant): Instant {
  switch (calendar.name) {
    case "24x7":
      return at;
  }
}

/** The instant at which `open` milliseconds of open time have passed since `from`. */
export function addOpen(calendar: Calendar, from: Instant, open: DurationMs): Instant {
  switch (calendar.name) {
    case "24x7":
      return from + open;
  }
}
