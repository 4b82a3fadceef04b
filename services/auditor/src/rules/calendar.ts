import type { DurationMs, Hours, Instant } from "@crossline/contracts";

/** Open time between two instants, and the instant at which some open time has passed: all that the rules ask of a calendar. */
export type Calendar = {
  readonly between: (from: Instant, to: Instant) => DurationMs;
  readonly add: (from: Instant, open: DurationMs) => Instant;
};

const known: ReadonlyMap<string, Calendar> = new Map([
  [
    "24x7",
    {
      between: (from: Instant, to: Instant) => Math.max(0, to - from),
      add: (from: Instant, open: DurationMs) => from + open,
    },
  ],
]);

/** The calendar of this name; undefined where the auditor does not know it, and then its clocks are unaudited. */
export function calendarNamed(hours: Hours): Calendar | undefined {
  return typeof hours === "string" ? known.get(hours) : undefined;
}
