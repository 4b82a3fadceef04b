import type { CalendarDocument } from "@crossline/contracts";

const minuteMs = 60_000;
const epoch = "1970-01-01";

/** The open intervals of a day. Each interval is half-open, in milliseconds since midnight in local time. */
export type OpenTimes = readonly (readonly [from: number, to: number])[];

/**
 * Returns the open times of a date: those of its exception, or else those of its weekday. `day` is the number of days since
 * 1970-01-01.
 */
export type Dates = (day: number) => OpenTimes;

/** Returns a function for the open times of each date of a document. An exception replaces all hours of the weekday. */
export function readDates({ week, exceptions = [] }: CalendarDocument): Dates {
  // 1970-01-01 was a Thursday.
  const days = [week.thu, week.fri, week.sat, week.sun, week.mon, week.tue, week.wed].map((open) => readTimes(open));
  const replaced = new Map(exceptions.map(({ date, open }) => [dayOf(date), readTimes(open)]));
  return (day) => replaced.get(day) ?? days[((day % 7) + 7) % 7] ?? [];
}

/** Returns the number of days between 1970-01-01 and a date. */
export function dayOf(date: string): number {
  return Temporal.PlainDate.from(date).since(epoch).days;
}

/** Reads intervals such as `09:00-17:30`. */
export function readTimes(open: readonly string[] = []): OpenTimes {
  return open.map((interval) => {
    const [from, to] = interval.split("-").map((time) => {
      const [hours = 0, minutes = 0] = time.split(":").map(Number);
      return (hours * 60 + minutes) * minuteMs;
    });
    return [from ?? 0, to ?? 0];
  });
}
