import { dateOf, dayText, timeOfDay } from "../../time/format.ts";
import { iso } from "../instants.ts";
import type { Axis } from "./axis.ts";

/** A labelled instant of the axis. `day` is present at the first tick of each day. */
export type Tick = { readonly instant: number; readonly label: string; readonly day?: string };

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const steps = [
  ...[5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12, 24].map((count) => count * hour),
];
const closest = 58;

/**
 * Returns the ticks at round local times of a zone, at least 58 pixels apart. Idle stretches have none. A day has its year if this is not the
 * year of `now`.
 */
export function ticksOf(axis: Axis, zone: string, now: number): readonly Tick[] {
  let day = "";
  let last = Number.NEGATIVE_INFINITY;
  const ticks: Tick[] = [];
  for (const { from, to, isIdle } of axis.stretches) {
    if (isIdle) continue;
    const width = axis.placeOf(to) - axis.placeOf(from);
    const step = steps.find((candidate) => ((to - from) / candidate) * closest <= width) ?? 24 * hour;
    for (const instant of roundInstants({ from, to }, step, zone)) {
      const place = axis.placeOf(instant);
      if (place - last < closest) continue;
      last = place;
      const date = dateOf(iso(instant), zone);
      const label = timeOfDay(iso(instant), zone, step < minute ? "second" : "minute");
      ticks.push({ instant, label, ...(date !== day && { day: dayText(iso(instant), zone, now) }) });
      day = date;
    }
  }
  return ticks;
}

/** Returns the instants between two instants that are multiples of a step in local time. */
export function roundInstants(
  { from, to }: { readonly from: number; readonly to: number },
  step: number,
  zone: string,
): readonly number[] {
  const offset = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
  const found: number[] = [];
  for (let instant = Math.ceil((from + offset) / step) * step - offset; instant <= to; instant += step) {
    found.push(instant);
  }
  return found;
}
