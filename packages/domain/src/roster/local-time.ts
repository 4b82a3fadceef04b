import type { Instant } from "@crossline/contracts";

/** A date and a time of day in a zone. The local time may occur twice, or not at all, in its zone. */
type Local = { readonly date: Temporal.PlainDate; readonly time: string; readonly zone: string };

/**
 * Returns the instant of a local time (docs/rules/calendar.md). If the local time occurs twice, the result is the first
 * occurrence for a start and the last occurrence for an end. If the time is skipped, the result is the first instant after the
 * gap.
 */
export function instantOf({ date, time, zone }: Local, which: "start" | "end"): Instant {
  const local = time === "24:00" ? date.add({ days: 1 }).toPlainDateTime("00:00") : date.toPlainDateTime(time);
  const earlier = local.toZonedDateTime(zone, { disambiguation: "earlier" });
  const later = local.toZonedDateTime(zone, { disambiguation: "later" });
  if (earlier.epochMilliseconds === later.epochMilliseconds) return earlier.epochMilliseconds;
  const isTwice = earlier.toPlainDateTime().equals(local);
  if (isTwice) return (which === "start" ? earlier : later).epochMilliseconds;
  return (earlier.getTimeZoneTransition("next") ?? later).epochMilliseconds;
}

/** Returns the local date and time of a zone at an instant. */
export function localAt(instant: Instant, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
}
