/** Returns true if a text is a day of the calendar, for example `2026-03-07`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && isRead(() => Temporal.PlainDate.from(text));
}

/** Returns true if a text is an instant, for example `2026-03-07T14:20:00Z`. */
export function isInstant(text: string): boolean {
  return isRead(() => Temporal.Instant.from(text));
}

/** Returns true if a text is a time zone, for example `America/Toronto`. */
export function isZone(text: string): boolean {
  return isRead(() => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text));
}

/** Temporal throws for a text that does not fit. */
function isRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
