/** What must always be true (the list of docs/architecture.md), by number; what is owed to the customer; what every run needs besides. */
export type Invariant =
  | "1: nothing is lost"
  | "2: at most once"
  | "3: one holder, a running clock, times that add up"
  | "4: the end of a line is not silence"
  | "5: a case keeps its line"
  | "6: a deadline is its counted intervals"
  | "7: automation stops no clock"
  | "8: only its parties see it"
  | "9: a replay fires the same"
  | "what was owed is owed again"
  | "the customer's act puts nothing off"
  | "no closing over an unanswered inquiry"
  | "a reply is owed until a person answers"
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
