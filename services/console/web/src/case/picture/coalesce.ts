import type { Axis } from "./axis.ts";
import type { Bar, LaneLife } from "./lanes.ts";

/**
 * Joins lives that follow each other and are each narrower than `narrow` pixels, if they have no mark. A clock that restarts with every
 * heartbeat has thousands of lives after some days, and a picture cannot show them one by one.
 */
export function coalesceLives(lives: readonly LaneLife[], axis: Axis, narrow: number): readonly LaneLife[] {
  const isPlain = ({ from, to, warnings, breach, due }: LaneLife): boolean =>
    warnings.length === 0 &&
    breach === undefined &&
    due === undefined &&
    axis.placeOf(to) - axis.placeOf(from) < narrow;
  const lastOfRow = new Map<number, { readonly index: number; readonly isPlain: boolean }>();
  const joined: LaneLife[] = [];
  for (const life of lives) {
    const last = lastOfRow.get(life.row);
    const before = last === undefined ? undefined : joined[last.index];
    const plain = isPlain(life);
    if (before !== undefined && last?.isPlain === true && plain && before.to === life.from) {
      joined[last.index] = { ...before, to: life.to, bars: joinBars([...before.bars, ...life.bars]) };
    } else {
      joined.push(life);
      lastOfRow.set(life.row, { index: joined.length - 1, isPlain: plain });
    }
  }
  return joined;
}

function joinBars(bars: readonly Bar[]): readonly Bar[] {
  const [next, last] = [bars.at(-1), bars.at(-2)];
  if (next === undefined || last?.kind !== next.kind || last.to !== next.from) return bars;
  return [...bars.slice(0, -2), { ...last, to: next.to }];
}
