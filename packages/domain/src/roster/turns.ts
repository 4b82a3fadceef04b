import type { Instant, RotationLayer, RotationPeriod } from "@crossline/contracts";
import { periodsOf } from "./layers.ts";
import { instantOf, localAt } from "./local-time.ts";

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const dayMinutes = 1_440;

type Hours = NonNullable<RotationPeriod["hours"]>;

/**
 * Whose turn it is in a layer at an instant; undefined outside its hours, and before its first period. Turns are counted over the
 * spans that meet the hours alone: else seven people who take turns on five days would never all have one. A handover that
 * day-light saving skips or repeats happens once all the same.
 */
export function turnOf(layer: RotationLayer, at: Instant): string | undefined {
  const period = runningPeriod(layer, at);
  if (period === undefined) return undefined;
  const { from, turn, handover: time, zone, order, hours } = period;
  const date = localAt(at, zone).toPlainDate();
  if (hours !== undefined && !isOpen(hours, date, zone, at)) return undefined;
  const hasHandedOver = at >= instantOf({ date, time, zone }, "start");
  const days = Temporal.PlainDate.from(from).until(date, { largestUnit: "days" }).days - (hasHandedOver ? 0 : 1);
  return order[turnNumber(period, days, turn) % order.length];
}

/** The last period that has begun, at its own handover. */
function runningPeriod(layer: RotationLayer, at: Instant): RotationPeriod | undefined {
  let running: { readonly period: RotationPeriod; readonly since: Instant } | undefined;
  for (const period of periodsOf(layer)) {
    const { from, handover: time, zone } = period;
    const since = instantOf({ date: Temporal.PlainDate.from(from), time, zone }, "start");
    if (since <= at && (running === undefined || since >= running.since)) running = { period, since };
  }
  return running?.period;
}

function turnNumber(period: RotationPeriod, days: number, turn: RotationPeriod["turn"]): number {
  if (turn === "weekly") return Math.floor(days / 7);
  const meets = openMinutes(period).map((minutes) => minutes > 0);
  const first = Temporal.PlainDate.from(period.from).dayOfWeek - 1;
  const countOf = (spans: number): number =>
    Array.from({ length: spans }, (_, day) => meets[(first + day) % 7]).filter((isMet) => isMet === true).length;
  return Math.floor(days / 7) * countOf(7) + countOf(days % 7);
}

/** How many minutes of the hours lie in the span from the handover of each weekday to the next, by the clock on the wall. */
export function openMinutes({ handover, hours }: RotationPeriod): readonly number[] {
  if (hours === undefined) return weekdays.map(() => dayMinutes);
  const begins = minutesOf(handover);
  const within = (weekday: number, from: number, to: number): number =>
    intervalsOf(hours, weekday).reduce(
      (sum, [start, end]) => sum + Math.max(0, Math.min(end, to) - Math.max(start, from)),
      0,
    );
  return weekdays.map((_, weekday) => within(weekday, begins, dayMinutes) + within((weekday + 1) % 7, 0, begins));
}

function intervalsOf(hours: Hours, weekday: number): readonly (readonly [from: number, to: number])[] {
  const name = weekdays[weekday];
  return (name === undefined ? [] : (hours[name] ?? [])).map((interval) => {
    const [from = "", to = ""] = interval.split("-");
    return [minutesOf(from), minutesOf(to)];
  });
}

function minutesOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return hour * 60 + minute;
}

function isOpen(hours: Hours, date: Temporal.PlainDate, zone: string, at: Instant): boolean {
  const weekday = weekdays[date.dayOfWeek - 1];
  const intervals = weekday === undefined ? [] : (hours[weekday] ?? []);
  return intervals.some((interval) => {
    const [from = "", to = ""] = interval.split("-");
    return instantOf({ date, time: from, zone }, "start") <= at && at < instantOf({ date, time: to, zone }, "end");
  });
}
