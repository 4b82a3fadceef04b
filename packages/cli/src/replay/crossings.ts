import type { LogRow } from "./log-row.ts";
import { crossingKinds } from "./observed-line.ts";
import type { Breach } from "./tally.ts";

/** The number of cases whose first crossing belongs to `of`. The value of `of` is a day, a clock or a holder. */
export type Count = { readonly of: string; readonly cases: number };

/** The crossings that a line would have caused in a history. Each case counts once, at its first crossing. */
export type Crossings = {
  readonly cases: number;
  readonly crossed: number;
  readonly byClock: readonly Count[];
  /** The counts by the day (UTC) of the due instant, in the order of the days. */
  readonly byDay: readonly (Count & { readonly clocks: Readonly<Record<string, number>> })[];
  /** The counts by the holder at the due instant, with the largest count first. */
  readonly byHolder: readonly Count[];
  /** The median and the 90th percentile of the time from the opening to the crossing, in milliseconds. */
  readonly halfAfterMs: number | undefined;
  readonly mostAfterMs: number | undefined;
};

/** Collects, for each case, its first breach of a clock kind that makes cases cross. */
export class FirstCrossings {
  readonly #first = new Map<string, Breach>();

  add(breach: Breach): void {
    if (!crossingKinds.has(breach.kind)) return;
    const first = this.#first.get(breach.caseId);
    if (first === undefined || breach.dueMs < first.dueMs) this.#first.set(breach.caseId, breach);
  }

  /** Returns, for each case that would have crossed, the breach that would have caused the crossing. */
  all(): Iterable<Breach> {
    return this.#first.values();
  }

  /** Counts the crossings. The holder and the opening of each case come from the log. */
  count(cases: ReadonlyMap<string, readonly LogRow[]>): Crossings {
    const clocks = new Map<string, number>();
    const holders = new Map<string, number>();
    const days = new Map<string, Map<string, number>>();
    const afterMs: number[] = [];
    for (const { caseId, clock, dueMs } of this.#first.values()) {
      const history = cases.get(caseId) ?? [];
      const day = new Date(dueMs).toISOString().slice(0, 10);
      const ofDay = days.get(day) ?? new Map<string, number>();
      days.set(day, ofDay);
      for (const [counts, of] of [
        [clocks, clock],
        [ofDay, clock],
        [holders, holderAt(history, dueMs)],
      ] as const) {
        counts.set(of, (counts.get(of) ?? 0) + 1);
      }
      afterMs.push(dueMs - (history[0]?.time ?? dueMs));
    }
    afterMs.sort((a, b) => a - b);
    return {
      cases: cases.size,
      crossed: this.#first.size,
      byClock: descending(clocks),
      byDay: [...days]
        .map(([of, counts]) => ({ of, cases: total(counts), clocks: Object.fromEntries(counts) }))
        .toSorted((a, b) => (a.of < b.of ? -1 : 1)),
      byHolder: descending(holders),
      halfAfterMs: afterMs[Math.ceil(afterMs.length * 0.5) - 1],
      mostAfterMs: afterMs[Math.ceil(afterMs.length * 0.9) - 1],
    };
  }
}

function holderAt(history: readonly LogRow[], at: number): string {
  return history.findLast(({ time }) => time <= at)?.holder ?? "no holder named";
}

function descending(counts: ReadonlyMap<string, number>): Count[] {
  return [...counts]
    .map(([of, cases]) => ({ of, cases }))
    .toSorted((a, b) => b.cases - a.cases || (a.of < b.of ? -1 : 1));
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
