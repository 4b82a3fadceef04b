/** Returns an instant in ISO 8601. `ms` are milliseconds since 1970. */
export function iso(ms: number): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.round(ms)).toString();
}

/** Returns an instant as milliseconds since 1970. The text can have any offset. */
export function msOf(instant: string): number {
  return Temporal.Instant.from(instant).epochMilliseconds;
}
