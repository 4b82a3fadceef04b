/** Returns an instant as the field `datetime-local` shows it in a zone, with minutes. */
export function localIn(instant: string, zone: string): string {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: "minute" });
}

/** Returns the instant (ISO 8601) of a time in a zone. Of a time that a clock change repeats, the earlier instant counts. */
export function instantIn(local: string, zone: string): string {
  return Temporal.PlainDateTime.from(local).toZonedDateTime(zone).toInstant().toString();
}
