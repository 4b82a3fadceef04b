import type { CalendarDocument, Instant } from "@crossline/contracts";

/** A half-open interval of open time. */
export type OpenInterval = readonly [start: Instant, end: Instant];

const dayMs = 86_400_000;
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/**
 * Returns the open intervals of a calendar between two instants, in order. No two intervals touch. Calculates the intervals for each
 * local day of the calendar's zone.
 */
export function walkDays(document: CalendarDocument, from: Instant, to: Instant): OpenInterval[] {
  const exceptions = new Map((document.exceptions ?? []).map(({ date, open }) => [date, open]));
  // In every zone, a local date is within two days of the same date in UTC.
  const last = dateAt(to + 2 * dayMs);
  const all: OpenInterval[] = [];
  for (let date = dateAt(from - 2 * dayMs); Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 })) {
    const day = weekdays[date.dayOfWeek - 1];
    const open = exceptions.get(date.toString()) ?? (day === undefined ? undefined : document.week[day]) ?? [];
    for (const interval of open) {
      const start = Math.max(from, shiftStart(date, interval.slice(0, 5), document.zone));
      const end = Math.min(to, shiftEnd(date, interval.slice(6), document.zone));
      if (start < end) all.push([start, end]);
    }
  }
  return merge(all);
}

function dateAt(instant: Instant): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO("UTC").toPlainDate();
}

// docs/rules/calendar.md: if a local time occurs twice, a shift starts at its first occurrence, or ends at its last occurrence. A
// skipped local time means the first instant after the skipped time.

function shiftStart(date: Temporal.PlainDate, time: string, zone: string): Instant {
  return resolve(date.toPlainDateTime(time), zone, "earlier");
}

function shiftEnd(date: Temporal.PlainDate, time: string, zone: string): Instant {
  const local = time === "24:00" ? date.add({ days: 1 }).toPlainDateTime() : date.toPlainDateTime(time);
  return resolve(local, zone, "later");
}

function resolve(local: Temporal.PlainDateTime, zone: string, which: "earlier" | "later"): Instant {
  const at = local.toZonedDateTime(zone, { disambiguation: which });
  if (at.toPlainDateTime().equals(local)) return at.epochMilliseconds;
  // `later` uses the offset from before the skipped time, so its result is after the skipped time or exactly at its end.
  const behind = local.toZonedDateTime(zone, { disambiguation: "later" }).add({ milliseconds: 1 });
  return behind.getTimeZoneTransition("previous")?.epochMilliseconds ?? at.epochMilliseconds;
}

/** Sorts the intervals, and joins those that overlap or touch. */
function merge(intervals: readonly OpenInterval[]): OpenInterval[] {
  const merged: OpenInterval[] = [];
  for (const [start, end] of intervals.toSorted((one, other) => one[0] - other[0])) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], end)];
    else merged.push([start, end]);
  }
  return merged;
}

/** Returns the intersection of two sorted lists of intervals. */
export function overlapOf(one: readonly OpenInterval[], other: readonly OpenInterval[]): OpenInterval[] {
  const common: OpenInterval[] = [];
  for (let left = 0, right = 0; left < one.length && right < other.length;) {
    const [a, b] = [one[left], other[right]];
    if (a === undefined || b === undefined) break;
    const [start, end] = [Math.max(a[0], b[0]), Math.min(a[1], b[1])];
    if (start < end) common.push([start, end]);
    if (a[1] <= b[1]) left += 1;
    else right += 1;
  }
  return common;
}
