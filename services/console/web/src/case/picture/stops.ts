import type { AxisStretch } from "./axis.ts";
import { roundInstants } from "./ticks.ts";

const minute = 60_000;
const steps = [10_000, 30_000, ...[1, 5, 15, 60, 360, 1440].map((count) => count * minute)];
const roundStopsMax = 240;

type StopRange = {
  readonly stretches: readonly AxisStretch[];
  /** The instants at which something happened. */
  readonly events: readonly number[];
  readonly until: number;
  readonly zone: string;
};

/** Returns the instants that the slider can show, in their order: each event, and round times between the events. */
export function stopsOf({ stretches, events, until, zone }: StopRange): readonly number[] {
  const from = stretches[0]?.from ?? 0;
  const shown = stretches.filter(({ isIdle }) => !isIdle);
  const shownMs = shown.reduce((sum, stretch) => sum + Math.max(0, Math.min(stretch.to, until) - stretch.from), 0);
  const step = steps.find((candidate) => shownMs / candidate <= roundStopsMax) ?? 1440 * minute;
  const round = shown.flatMap((stretch) => roundInstants(stretch, step, zone));
  const all = new Set([from, ...round, ...events, until]);
  return [...all].filter((instant) => instant >= from && instant <= until).toSorted((one, other) => one - other);
}

/** Returns the place of the last stop at or before an instant. */
export function placeOfStop(stops: readonly number[], instant: number): number {
  return Math.max(
    0,
    stops.findLastIndex((stop) => stop <= instant),
  );
}
