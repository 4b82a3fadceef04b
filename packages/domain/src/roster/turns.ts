import type { Instant, RotationPeriod } from "@crossline/contracts";
import { instantOf, localAt } from "./local-time.ts";

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const dayMinutes = 1_440;

type Hours = NonNullable<RotationPeriod["hours"]>;

/** Returns how many turns of a period have ended `days` days after the first handover. */
export type TurnCount = (period: RotationPeriod, days: number) => number;

/**
 * Counts only days with hours as daily turns. If every day counted, a roster with seven people and five working days would
 * never give two of them a turn.
 */
export const countedTurns: TurnCount = (period, days) => {
  if (period.turn === "weekly") return Math.floor(days / 7);
  const hasHours = openMinutes(period).map((minutes) => minutes > 0);
  const first = Temporal.PlainDate.from(period.from).dayOfWeek - 1;
  const countOf = (spans: number): number =>
    Array.from({ length: spans }, (_, day) => hasHours[(first + day) % 7]).filter((isMet) => isMet === true).length;
  return Math.floor(days / 7) * countOf(7) + countOf(days % 7);
};

/** Counts by the former rule: every day is a turn, with or without hours. */
export const everyDay: TurnCount = ({ turn }, days) => Math.floor(days / (turn === "weekly" ? 7 : 1));

/**
 * Returns the person who has the turn of a period at an instant; undefined outside the hours of the period. A handover at a
 * skipped or repeated local time happens once.
 */
export function personOfTurn(period: RotationPeriod, at: Instant, count: TurnCount): string | undefined {
  const { zone, order, hours } = period;
  if (hours !== undefined && !isOpen(hours, localAt(at, zone).toPlainDate(), zone, at)) return undefined;
  return order[count(period, daysIn(period, at)) % order.length];
}

/** Returns the number of handovers between the first handover of a period and an instant. */
export function daysIn({ from, handover: time, zone }: RotationPeriod, at: Instant): number {
  const date = localAt(at, zone).toPlainDate();
  const hasHandedOver = at >= instantOf({ date, time, zone }, "start");
  return Temporal.PlainDate.from(from).until(date, { largestUnit: "days" }).days - (hasHandedOver ? 0 : 1);
}

/** Returns for each weekday the minutes of `hours` between the handover on that day and the next handover, in local time. */
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

/** Returns the hours of one date as instants; the whole day if the period has no hours. */
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
