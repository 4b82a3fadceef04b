import type { LineRef } from "@crossline/contracts";
import { builtinRef } from "./builtin.ts";
import type { CaseFacts, Condition } from "./condition.ts";

/** A line as it is asked whether a case is its own. One without a condition is only a default, or moved to. */
export type Matchable = { readonly ref: LineRef; readonly order?: number | undefined; readonly condition?: Condition };

/** Under which line a case is opened and why. */
export type Matched = {
  readonly ref: LineRef;
  readonly reason: string;
  /** No line of the carrier's was there for it. */
  readonly alarm: boolean;
  /** Conditions that could not be told for this case; they count as not matched. */
  readonly failed: readonly { readonly line: string; readonly message: string }[];
};

const usualOrder = 100;

/** Asks the lines by their order, then their name: the first that matches, else the default, else the built-in one with an alarm. */
export function matchLine(lines: readonly Matchable[], facts: CaseFacts, otherwise?: LineRef): Matched {
  const failed: { line: string; message: string }[] = [];
  for (const { ref, condition } of lines.toSorted(inOrder)) {
    const held = condition?.(facts);
    if (held?.failed !== undefined) failed.push({ line: ref.name, message: held.failed });
    if (held?.holds === true) return { ref, reason: `matched ${ref.name}@${ref.version}`, alarm: false, failed };
  }
  return otherwise === undefined
    ? { ref: builtinRef, reason: "no line matched, and the carrier has no default", alarm: true, failed }
    : { ref: otherwise, reason: "no line matched; the carrier's default", alarm: false, failed };
}

function inOrder(a: Matchable, b: Matchable): number {
  return (a.order ?? usualOrder) - (b.order ?? usualOrder) || (a.ref.name < b.ref.name ? -1 : 1);
}
