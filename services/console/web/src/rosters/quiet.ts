import type { DutyResponse } from "@crossline/contracts";
import { type Span, cut } from "./week.ts";

type Own = NonNullable<DutyResponse["rosters"][number]["own"]>;
export type QuietHours = NonNullable<Own["people"][number]["quiet"]>;

/** Returns the quiet hours of a person inside a span. The hours are daily, in the person's own zone, and can include midnight. */
export function quietIn({ from, to, zone }: QuietHours, span: Span): readonly Span[] {
  const [begin, end] = [Temporal.PlainTime.from(from), Temporal.PlainTime.from(to)];
  const crossesMidnight = Temporal.PlainTime.compare(begin, end) >= 0;
  const dayOf = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate();
  const last = dayOf(span.to);
  const spans: Span[] = [];
  // The quiet hours of the evening before can reach into the span.
  for (let day = dayOf(span.from).subtract({ days: 1 }); Temporal.PlainDate.compare(day, last) <= 0;) {
    const next = day.add({ days: 1 });
    const quiet = { from: instantOf(day, begin, zone), to: instantOf(crossesMidnight ? next : day, end, zone) };
    const part = cut(quiet, span);
    if (part !== undefined) spans.push(part);
    day = next;
  }
  return spans;
}

function instantOf(day: Temporal.PlainDate, plainTime: Temporal.PlainTime, timeZone: string): number {
  return day.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
}
