import type { Counts } from "./case-state.ts";

/**
 * An order of records of two topics: lengths of alternating runs, of the case topic first. `[2, 1]`: two of the case, then one of
 * the hand-off. Each topic's own records are in the order of their sequences.
 */
export type Runs = readonly number[];
export type Noun = keyof Counts;

const nounAt = (index: number): Noun => (index % 2 === 0 ? "case" : "handoff");

export const otherNoun = (noun: Noun): Noun => (noun === "case" ? "handoff" : "case");

export function totalOf(runs: Runs): Counts {
  const total = { case: 0, handoff: 0 };
  for (const [index, length] of runs.entries()) total[nounAt(index)] += length;
  return total;
}

/** One more record at the end. */
export function addToRuns(runs: Runs, noun: Noun): Runs {
  const last = runs.length - 1;
  if (last >= 0 && nounAt(last) === noun) return [...runs.slice(0, -1), (runs[last] ?? 0) + 1];
  return runs.length === 0 && noun === "handoff" ? [0, 1] : [...runs, 1];
}

/** What is left of an order behind its beginning; undefined where it does not begin so. */
export function restOf(runs: Runs, beginning: Runs): Runs | undefined {
  const rest = [...runs];
  for (const [index, length] of beginning.entries()) {
    for (let left = length; left > 0;) {
      const at = rest.findIndex((run) => run > 0);
      const run = rest[at];
      if (run === undefined || at % 2 !== index % 2) return undefined;
      const taken = Math.min(left, run);
      rest[at] = run - taken;
      left -= taken;
    }
  }
  return rest;
}

/** The topics of the records, one by one. */
export function* nounsOf(runs: Runs): Generator<Noun> {
  for (const [index, length] of runs.entries()) for (let left = length; left > 0; left--) yield nounAt(index);
}
