import type { CalendarDocument } from "@crossline/contracts";

const minuteMs = 60_000;
const epoch = "1970-01-01";

/** A half-open interval of a day, in milliseconds since its midnight by the wall clock. */
export type OpenTimes = readonly (readonly [from: number, to: number])[];

/** What a calendar says of a date, which is counted in days since 1970-01-01: the exception for it, else its weekday. */
export type Dates = (day: number) => OpenTimes;

/** Reads the hours of a document: an exception takes the place of the date's weekday wholly. */
export function readDates({ week, exceptions = [] }: CalendarDocument): Dates {
  // 1970-01-01 was a Thursday.
  const days = [week.thu, week.fri, week.sat, week.sun, week.mon, week.tue, week.wed].map((open) => readTimes(open));
  const replaced = new Map(exceptions.map(({ date, open }) => [dayOf(date), readTimes(open)]));
  return (day) => replaced.get(day) ?? days[((day % 7) + 7) % 7] ?? [];
}

/** The number of a date since 1970-01-01. */
export function dayOf(date: string): number {
  return Temporal.PlainDate.from(date).since(epoch).days;
}

/** `09:00-17:30` as it is reckoned with. */
export function readTimes(open: readonly string[] = []): OpenTimes {
  return open.map((interval) => {
    const [from, to] = interval.split("-").map((time) => {
      const [hours = 0, minutes = 0] = time.split(":").map(Number);
      return (hours * 60 + minutes) * minuteMs;
    });
    return [from ?? 0, to ?? 0];
  });
}
