import type { Instant, RosterDocument, RotationPeriod } from "@crossline/contracts";
import { type CompiledLayer, type CompiledRoster, compileRoster, personOnDuty } from "./compile.ts";
import { instantOf, localAt } from "./local-time.ts";
import { type TurnCount, countedTurns, openOn } from "./turns.ts";

/** A half-open interval of time. */
export type Window = { readonly from: Instant; readonly to: Instant };

/** The person on duty of each layer, by the name of the layer. `null`: no person. */
type PeopleByLayer = Readonly<Record<string, string | null>>;

/** A span in which the people on duty of the two compared rosters do not change. */
type ComparedSpan = Window & {
  readonly before: PeopleByLayer;
  readonly after: PeopleByLayer;
  readonly differs: boolean;
};

/**
 * The result of a comparison. `to` is the end of the comparison. If the comparison would take too much work, `to` is earlier
 * than requested.
 */
export type DutyComparison = {
  readonly to: Instant;
  readonly spans: readonly ComparedSpan[];
  readonly changesAt?: Instant;
};

/** A roster, and the rule by which its turns are counted. */
export type CountedRoster = { readonly roster: RosterDocument; readonly count?: TurnCount };

// To compare two versions of a roster with three layers over a month, `compareDuty` makes 1,700 queries. One query takes about 10 µs.
const questionsMax = 2_000;

/**
 * Compares the people on duty of two rosters, layer by layer, in a window. `changesAt` is the first instant at which the two
 * rosters have different people on duty. A renamed layer does not count as a change. The comparison ignores quiet hours.
 */
export function compareDuty(before: CountedRoster, after: CountedRoster, { from, to }: Window): DutyComparison {
  const sides = [before, after].map(({ roster, count = countedTurns }) => ({ compiled: compileRoster(roster), count }));
  const seatsMax = sides.reduce((sum, { compiled }) => sum + compiled.layers.length, 0);
  const instants = [...new Set([from, ...sides.flatMap(({ compiled }) => [...changesOf(compiled, { from, to })])])]
    .filter((at) => from <= at && at < to)
    .toSorted((a, b) => a - b);
  const compared = instants.slice(0, Math.max(1, Math.floor(questionsMax / seatsMax)));
  const end = instants[compared.length] ?? to;
  const spans: ComparedSpan[] = [];
  for (const at of compared) {
    const [old = {}, proposed = {}] = sides.map(({ compiled, count }) => peopleAt(compiled, at, count));
    const last = spans.at(-1);
    if (last !== undefined && isAlike(last.before, old) && isAlike(last.after, proposed)) continue;
    if (last !== undefined) spans[spans.length - 1] = { ...last, to: at };
    spans.push({ from: at, to: end, before: old, after: proposed, differs: !hasSamePeople(old, proposed) });
  }
  const changesAt = spans.find(({ differs }) => differs)?.from;
  return { to: end, spans, ...(changesAt !== undefined && { changesAt }) };
}

function peopleAt(compiled: CompiledRoster, at: Instant, count: TurnCount): PeopleByLayer {
  return Object.fromEntries(compiled.layers.map((layer) => [layer.name, personOnDuty(compiled, layer, at, count)]));
}

function isAlike(one: PeopleByLayer, other: PeopleByLayer): boolean {
  return Object.entries(one).every(([layer, person]) => other[layer] === person);
}

function hasSamePeople(one: PeopleByLayer, other: PeopleByLayer): boolean {
  const [people, others] = [one, other].map((seats) => new Set(Object.values(seats).filter((id) => id !== null)));
  return people?.symmetricDifference(others ?? new Set()).size === 0;
}

/** Returns every instant of a window at which the people on duty may change, in any order. */
function* changesOf({ layers, overrides, swaps }: CompiledRoster, window: Window): Iterable<Instant> {
  for (const { from, to } of [...overrides, ...swaps]) yield* [from, to];
  for (const layer of layers) yield* changesOfLayer(layer, window);
}

function* changesOfLayer({ periods }: CompiledLayer, window: Window): Iterable<Instant> {
  for (const { period, from, to } of periods) {
    const part = { from: Math.max(from, window.from), to: Math.min(to, window.to) };
    if (part.from >= part.to) continue;
    yield part.from;
    for (const date of datesOf(period, part)) {
      yield instantOf({ date, time: period.handover, zone: period.zone }, "start");
      if (period.hours !== undefined) for (const interval of openOn(period, date)) yield* interval;
    }
  }
}

function* datesOf({ zone }: RotationPeriod, { from, to }: Window): Iterable<Temporal.PlainDate> {
  const last = localAt(to, zone).toPlainDate();
  for (
    let date = localAt(from, zone).toPlainDate();
    Temporal.PlainDate.compare(date, last) <= 0;
    date = date.add({ days: 1 })
  )
    yield date;
}
