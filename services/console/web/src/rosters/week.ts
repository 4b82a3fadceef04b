/** A span of time in milliseconds since 1970. `to` is not part of it. */
export type Span = { readonly from: number; readonly to: number };

/** A day of a zone. A day with a clock change has 23 or 25 hours. */
export type Day = Span & { readonly date: string; readonly hours: number };

/** The place of a span in a picture, in percent of its width. */
export type Place = { readonly start: number; readonly width: number };

const hourMs = 3_600_000;
const daysOfWeek = 7;

/** Returns the Monday of the week of a day. */
export function mondayOf(day: string): string {
  const date = Temporal.PlainDate.from(day);
  return date.subtract({ days: date.dayOfWeek - 1 }).toString();
}

/** Returns the same day some weeks later. A negative number is earlier. */
export function weeksLater(day: string, weeks: number): string {
  return Temporal.PlainDate.from(day).add({ weeks }).toString();
}

/** Returns the seven days from a Monday on, as they are in a zone. */
export function daysFrom(monday: string, zone: string): readonly Day[] {
  const first = Temporal.PlainDate.from(monday);
  return Array.from({ length: daysOfWeek }, (_, index) => {
    const date = first.add({ days: index });
    const [from, to] = [date, date.add({ days: 1 })].map((one) => one.toZonedDateTime(zone).epochMilliseconds) as [
      number,
      number,
    ];
    return { date: date.toString(), from, to, hours: (to - from) / hourMs };
  });
}

/** Returns the window that contains a week in every zone of the world. */
export function windowOf(monday: string): { readonly from: string; readonly to: string } {
  const start = Temporal.PlainDate.from(monday).toZonedDateTime("UTC").toInstant();
  const end = start.add({ hours: daysOfWeek * 24 });
  return { from: start.subtract({ hours: 15 }).toString(), to: end.add({ hours: 13 }).toString() };
}

/** Returns the part of a span inside another one, or undefined. */
export function cut(span: Span, { from, to }: Span): Span | undefined {
  const part = { from: Math.max(span.from, from), to: Math.min(span.to, to) };
  return part.from < part.to ? part : undefined;
}

/** Returns the place of a span in a picture of a longer span. */
export function placeIn(whole: Span, { from, to }: Span): Place {
  const length = whole.to - whole.from;
  return { start: (100 * (from - whole.from)) / length, width: (100 * (to - from)) / length };
}

/** Returns the span of several days that follow each other. */
export function spanOf(days: readonly Day[]): Span {
  return { from: days[0]?.from ?? 0, to: days.at(-1)?.to ?? 0 };
}
