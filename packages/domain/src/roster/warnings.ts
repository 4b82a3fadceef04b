import {
  type Instant,
  type ProblemField,
  type RosterDocument,
  type RotationLayer,
  type RotationPeriod,
  parseInstant,
} from "@crossline/contracts";
import { type RunningPeriod, runningPeriods } from "./layers.ts";
import { instantOf } from "./local-time.ts";
import { countedTurns, daysIn, openMinutes, openOn } from "./turns.ts";

const dayMs = 86_400_000;
/** The number of days for which the lint simulates a roster. */
export const simulatedDays = 35;

type PlacedPeriod = RunningPeriod & { readonly at: string };

/**
 * Returns a warning for each person who is never on duty from an instant on. The result is a warning and not an error, because
 * a person of a past override stays in `people`.
 */
export function* idlePeople(roster: RosterDocument, at: Instant): Iterable<ProblemField> {
  const { people, rotation, overrides = [], swaps = [] } = roster;
  const isToCome = ({ to }: { readonly to: string }): boolean => parseInstant(to) > at;
  const named = new Set<string | null | undefined>([
    ...rotation.flatMap((layer) => runningPeriods(layer).flatMap((one) => havingTurns(one, at))),
    ...overrides.filter(isToCome).map(({ person }) => person),
    ...swaps.filter(isToCome).flatMap(({ between }) => between),
  ]);
  for (const [index, { id }] of people.entries())
    if (!named.has(id))
      yield { at: `/people/${index}`, message: "is never on duty; add the person to an order, or remove the person" };
}

/**
 * Returns a warning for turns that have far fewer hours than the other turns, because their handover may be at a wrong time.
 */
export function* shortTurns({ rotation }: RosterDocument, at: Instant): Iterable<ProblemField> {
  for (const [index, layer] of rotation.entries()) {
    const running = placedIn(layer, index).filter(({ to }) => to > at);
    for (const [nth, one] of running.entries()) {
      const short = firstShortTurn(one, at);
      if (short === undefined) continue;
      const next = running[nth + 1];
      const fault = `the turn of ${short.date.toString()} has less than half of the usual hours`;
      yield short.isCut && next !== undefined
        ? { at: `${next.at}/from`, message: `${fault}; let this period begin at the previous handover` }
        : { at: `${one.at}/handover`, message: `${fault}; change the handover or the hours` };
    }
  }
}

function placedIn(layer: RotationLayer, index: number): readonly PlacedPeriod[] {
  const placeOf = (nth: number): string => ("periods" in layer ? `/periods/${nth}` : "");
  return runningPeriods(layer).map((one) => ({ ...one, at: `/rotation/${index}${placeOf(one.place)}` }));
}

/**
 * Returns the people who have a turn in a period from an instant on. If the period has no end, returns all people in its order.
 */
function havingTurns({ period, from, to }: RunningPeriod, at: Instant): readonly (string | undefined)[] {
  const { order } = period;
  if (to <= at) return [];
  if (to === Number.POSITIVE_INFINITY) return order;
  const [first, last] = [Math.max(at, from), to - 1].map((instant) => countedTurns(period, daysIn(period, instant)));
  const turns = Math.min(order.length, (last ?? 0) - (first ?? 0) + 1);
  return Array.from({ length: turns }, (_, nth) => order[((first ?? 0) + nth) % order.length]);
}

type ShortTurn = { readonly date: Temporal.PlainDate; readonly isCut: boolean };

/**
 * Returns the first short turn of a period. A short turn has less than half of the usual hours. Only the turns of the next
 * `simulatedDays` days and the last turn are checked.
 */
function firstShortTurn({ period, from, to }: RunningPeriod, at: Instant): ShortTurn | undefined {
  const step = period.turn === "weekly" ? 7 : 1;
  const usual = usualMs(period);
  const minutes = openMinutes(period);
  const turnAt = (instant: Instant): number => Math.floor(daysIn(period, instant) / step);
  const first = turnAt(Math.max(at, from));
  const soon = Math.min(to, Math.max(at, from) + simulatedDays * dayMs) - 1;
  const turns = [...range(first, turnAt(soon)), ...(to === Number.POSITIVE_INFINITY ? [] : [turnAt(to - 1)])];
  for (const turn of turns) {
    const date = Temporal.PlainDate.from(period.from).add({ days: turn * step });
    if (step === 1 && minutes[date.dayOfWeek - 1] === 0) continue;
    const { openMs, end } = spanOf(period, date, to);
    if (openMs < usual / 2) return { date, isCut: end === to };
  }
  return undefined;
}

/**
 * Returns the open time and the end of the turn that begins on a date. A change to or from daylight saving time makes the turn
 * longer or shorter.
 */
function spanOf(period: RotationPeriod, date: Temporal.PlainDate, to: Instant) {
  const { handover: time, zone, turn } = period;
  const days = turn === "weekly" ? 7 : 1;
  const begin = instantOf({ date, time, zone }, "start");
  const end = Math.min(to, instantOf({ date: date.add({ days }), time, zone }, "start"));
  const open = range(0, days).flatMap((day) => openOn(period, date.add({ days: day })));
  const openMs = open.reduce(
    (sum, [opens, closes]) => sum + Math.max(0, Math.min(closes, end) - Math.max(opens, begin)),
    0,
  );
  return { openMs, end };
}

function usualMs(period: RotationPeriod): number {
  const minutes = openMinutes(period);
  if (period.turn === "weekly") return minutes.reduce((sum, day) => sum + day, 0) * 60_000;
  const met = minutes.filter((day) => day > 0).toSorted((a, b) => a - b);
  return (met[Math.floor(met.length / 2)] ?? 0) * 60_000;
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, nth) => first + nth);
}
