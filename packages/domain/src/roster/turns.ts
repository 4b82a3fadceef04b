import type { Instant, RotationPeriod } from "@crossline/contracts";
import { instantOf, localAt } from "./local-time.ts";

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const dayMinutes = 1_440;

type Hours = NonNullable<RotationPeriod["hours"]>;

/** How many turns of a period come before the one that runs so many days after its first handover. */
export type TurnCount = (period: RotationPeriod, days: number) => number;

/**
 * Daily turns are counted over the spans that meet the hours alone: else seven people who take turns on five days would never
 * all have one.
 */
export const countedTurns: TurnCount = (period, days) => {
  if (period.turn === "weekly") return Math.floor(days / 7);
  const meets = openMinutes(period).map((minutes) => minutes > 0);
  const first = Temporal.PlainDate.from(period.from).dayOfWeek - 1;
  const countOf = (spans: number): number =>
    Array.from({ length: spans }, (_, day) => meets[(first + day) % 7]).filter((isMet) => isMet === true).length;
  return Math.floor(days / 7) * countOf(7) + countOf(days % 7);
};

/** The rule by which rosters were read before turns were counted: every day is a turn, with hours or without. */
export const everyDay: TurnCount = ({ turn }, days) => Math.floor(days / (turn === "weekly" ? 7 : 1));

/**
 * Whose turn it is in a period that has begun; undefined outside its hours. A handover that day-light saving skips or repeats
 * happens once all the same.
 */
export function personOfTurn(period: RotationPeriod, at: Instant, count: TurnCount): string | undefined {
  const { zone, order, hours } = period;
  if (hours !== undefined && !isOpen(hours, localAt(at, zone).toPlainDate(), zone, at)) return undefined;
  return order[count(period, daysIn(period, at)) % order.length];
}

/** How many handovers lie between the first one of a period and an instant. */
export function daysIn({ from, handover: time, zone }: RotationPeriod, at: Instant): number {
  const date = localAt(at, zone).toPlainDate();
  const hasHandedOver = at >= instantOf({ date, time, zone }, "start");
  return Temporal.PlainDate.from(from).until(date, { largestUnit: "days" }).days - (hasHandedOver ? 0 : 1);
}

/** How many minutes of the hours lie in the span from the handover of each weekday to the next, by the clock on the wall. */
export function openMinutes({ handover, hours }: RotationPeriod): readonly number[] {
  if (hours === undefined) return weekdays.map(() => dayMinutes);
  const begins = minutesOf(handover);
  const within = (weekday: number, from: number, to: number): number =>
    (hours[weekdays[weekday] ?? "mon"] ?? []).reduce((sum, interval) => {
      const [start = "", end = ""] = interval.split("-");
      return sum + Math.max(0, Math.min(minutesOf(end), to) - Math.max(minutesOf(start), from));
    }, 0);
  return weekdays.map((_, weekday) => within(weekday, begins, dayMinutes) + within((weekday + 1) % 7, 0, begins));
}

/** The hours of one date as instants; all of the day where there are none. */
export function openOn(
  { hours, zone }: Pick<RotationPeriod, "hours" | "zone">,
  date: Temporal.PlainDate,
): readonly (readonly [from: Instant, to: Instant])[] {
  const intervals = hours === undefined ? ["00:00-24:00"] : (hours[weekdays[date.dayOfWeek - 1] ?? "mon"] ?? []);
  return intervals.map((interval) => {
    const [from = "", to = ""] = interval.split("-");
    return [instantOf({ date, time: from, zone }, "start"), instantOf({ date, time: to, zone }, "end")];
  });
}

function isOpen(hours: Hours, date: Temporal.PlainDate, zone: string, at: Instant): boolean {
  return openOn({ hours, zone }, date).some(([from, to]) => from <= at && at < to);
}

function minutesOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return hour * 60 + minute;
}
