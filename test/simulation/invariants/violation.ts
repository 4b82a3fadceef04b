/** What must always be true (the list of docs/architecture.md), by number, and what every run needs besides. */
export type Invariant =
  | "1: nothing is lost"
  | "2: at most once"
  | "3: one holder, a running clock, times that add up"
  | "4: the end of a line is not silence"
  | "5: a case keeps its line"
  | "6: a deadline is its counted intervals"
  | "7: automation stops no clock"
  | "8: nobody else sees it"
  | "9: a replay fires the same"
  | "a decision failed";

/** A story that broke one of them. */
export class Violation extends Error {
  readonly invariant: Invariant;

  constructor(invariant: Invariant, what: string) {
    super(`${invariant}: ${what}`);
    this.invariant = invariant;
  }
}

/** Throws a violation unless `holds`. */
export function must(invariant: Invariant, holds: boolean, what: () => string): void {
  if (!holds) throw new Violation(invariant, what());
}
