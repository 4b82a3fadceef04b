import type { ClockHistoryResponse } from "@crossline/contracts";
import { msOf } from "../instants.ts";

/** One run of a clock, from its start to its end, as the API recomputed it. */
export type ClockLife = ClockHistoryResponse["clocks"][number];

/**
 * A part of a life. `counted`: the clock counted. `rested`: the clock was paused in open hours. `closed`: the calendar was closed.
 * `remaining`: the time from now until the deadline.
 */
export type Bar = {
  readonly kind: "counted" | "rested" | "closed" | "remaining";
  readonly from: number;
  readonly to: number;
};

/** A life with its place in its lane. `row` is above 0 if another life of the lane overlaps. */
export type LaneLife = {
  readonly life: ClockLife;
  readonly row: number;
  readonly from: number;
  readonly to: number;
  readonly bars: readonly Bar[];
  readonly warnings: readonly number[];
  readonly breach?: number;
  readonly due?: number;
};

/** All lives of one clock that were charged to one company. */
export type Lane = {
  readonly clock: string;
  readonly charged: string;
  readonly rows: number;
  readonly lives: readonly LaneLife[];
};

/** Returns a lane for each clock and charged company, in the order of their first starts. */
export function lanesOf({ clocks, at }: Pick<ClockHistoryResponse, "clocks" | "at">): readonly Lane[] {
  const groups = Map.groupBy(clocks, ({ clock, charged }) => `${clock} ${charged}`);
  return [...groups.values()].map((lives) => {
    const placed = placeLives(lives, msOf(at));
    const { clock = "", charged = "" } = lives[0] ?? {};
    return { clock, charged, rows: Math.max(...placed.map(({ row }) => row)) + 1, lives: placed };
  });
}

/** Returns the instant of the breach of a life, if it has breached. */
export function breachOf({ thresholds }: ClockLife): string | undefined {
  return thresholds.find(({ percent }) => percent === 100)?.firedAt;
}

/** Returns the instants of the warnings of a life. */
export function warningsOf({ thresholds }: ClockLife): readonly { readonly percent: number; readonly at: string }[] {
  return thresholds.flatMap(({ percent, firedAt }) =>
    percent < 100 && firedAt !== undefined ? [{ percent, at: firedAt }] : [],
  );
}

/** Returns the deadline of a life that can still breach. */
export function deadlineOf({ thresholds, state }: ClockLife): string | undefined {
  const target = thresholds.find(({ percent }) => percent === 100);
  return state === "running" && target?.firedAt === undefined ? target?.dueAt : undefined;
}

function placeLives(lives: readonly ClockLife[], now: number): readonly LaneLife[] {
  const ends: number[] = [];
  return lives.map((life) => {
    const from = msOf(life.startedAt);
    const to = life.endedAt === undefined ? Math.max(now, from) : msOf(life.endedAt);
    const free = ends.findIndex((end) => end <= from);
    const row = free === -1 ? ends.length : free;
    ends[row] = to;
    const breach = breachOf(life);
    const due = deadlineOf(life);
    return {
      life,
      row,
      from,
      to,
      bars: barsOf(life, from, to),
      warnings: warningsOf(life).map(({ at }) => msOf(at)),
      ...(breach !== undefined && { breach: msOf(breach) }),
      ...(due !== undefined && { due: msOf(due) }),
    };
  });
}

function barsOf(life: ClockLife, from: number, to: number): readonly Bar[] {
  const counted = life.counted.map((part) => ({ kind: "counted" as const, from: msOf(part.from), to: msOf(part.to) }));
  const rested = life.rested.map((part) => ({
    kind: "rested" as const,
    from: msOf(part.from),
    to: part.to === undefined ? to : msOf(part.to),
  }));
  const known = [...counted, ...rested]
    .filter((bar) => bar.to > bar.from)
    .toSorted((one, other) => one.from - other.from);
  const bars: Bar[] = [];
  let reached = from;
  for (const bar of known) {
    if (bar.from > reached) bars.push({ kind: "closed", from: reached, to: bar.from });
    bars.push(bar);
    reached = Math.max(reached, bar.to);
  }
  // A waiting clock counts nothing, although its calendar is open.
  if (reached < to) bars.push({ kind: life.state === "waiting" ? "rested" : "closed", from: reached, to });
  const due = deadlineOf(life);
  if (due !== undefined && msOf(due) > to) bars.push({ kind: "remaining", from: to, to: msOf(due) });
  return bars;
}
