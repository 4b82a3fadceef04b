import type { Counts } from "./case-state.ts";

/**
 * An order of records of two topics, as a list of run lengths. The runs alternate between the topics, and the first run contains
 * records of the case topic. `[2, 1]` means two case records, then one hand-off record. The records of each topic are in the order of
 * their sequences.
 */
export type Runs = readonly number[];
/** The short name of a topic with records about cases. */
export type Noun = keyof Counts;

const nounAt = (index: number): Noun => (index % 2 === 0 ? "case" : "handoff");

/** Returns the short name of the hand-off topic for the case topic, and the reverse. */
export const otherNoun = (noun: Noun): Noun => (noun === "case" ? "handoff" : "case");

/** Returns the number of records by topic. */
export function totalOf(runs: Runs): Counts {
  const total = { case: 0, handoff: 0 };
  for (const [index, length] of runs.entries()) total[nounAt(index)] += length;
  return total;
}

/** Returns the order with one more record at its end. */
export function addToRuns(runs: Runs, noun: Noun): Runs {
  const last = runs.length - 1;
  if (last >= 0 && nounAt(last) === noun) return [...runs.slice(0, -1), (runs[last] ?? 0) + 1];
  return runs.length === 0 && noun === "handoff" ? [0, 1] : [...runs, 1];
}

/** Returns the rest of an order after `beginning`, or undefined if the order does not begin with `beginning`. */
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

/** Yields the topic's short name for each record, in order. */
export function* nounsOf(runs: Runs): Generator<Noun> {
  for (const [index, length] of runs.entries()) for (let left = length; left > 0; left--) yield nounAt(index);
}
