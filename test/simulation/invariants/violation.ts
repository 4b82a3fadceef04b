/** The numbered invariants come from docs/architecture.md. The invariants without a number protect the obligations to the customer. */
export type Invariant =
  | "1: nothing is lost"
  | "2: at most once"
  | "3: one holder, a running clock, times that add up"
  | "4: the end of a line causes pages"
  | "4: an assignment to a pool ends"
  | "5: a case keeps its line"
  | "6: a deadline is its counted intervals"
  | "7: a program ends no clock of a person"
  | "8: only the companies of a case read it"
  | "9: a replay fires the same"
  | "an obligation is owed again"
  | "an act of the customer delays nothing"
  | "no case closes during an unanswered inquiry"
  | "a reply is owed until a person answers"
  | "a member of an incident waits for its lead"
  | "the brief names the possible causes of a case"
  | "a decision failed";

/** Reports that a story violates an invariant. */
export class Violation extends Error {
  readonly invariant: Invariant;

  constructor(invariant: Invariant, what: string) {
    super(`${invariant}: ${what}`);
    this.invariant = invariant;
  }
}

/** Throws a violation if `holds` is false. */
export function must(invariant: Invariant, holds: boolean, what: () => string): void {
  if (!holds) throw new Violation(invariant, what());
}
