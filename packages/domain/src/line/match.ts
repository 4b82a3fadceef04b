import type { LineRef } from "@crossline/contracts";
import { builtinRef } from "./builtin.ts";
import type { CaseFacts, Condition } from "./condition.ts";

/** A line as it is asked whether a case is its own. One without a condition is only a default, or moved to. */
export type Matchable = { readonly ref: LineRef; readonly order?: number | undefined; readonly condition?: Condition };

/** What a new case's line is chosen among. */
export type LineChoice = {
  readonly carrier: string;
  /** The line that the request names, and its newest version; without a version the carrier has published none. */
  readonly named?: { readonly name: string; readonly version: number | undefined };
  readonly lines: readonly Matchable[];
  readonly facts: CaseFacts;
  readonly otherwise?: LineRef;
};

/** Under which line a case is opened and why. */
export type ChosenLine = {
  readonly ref: LineRef;
  readonly reason: string;
  /** No line of the carrier's applied: the case gets the built-in one, which has no crossing step. */
  readonly alarm: boolean;
  /** Conditions that failed for this case; they count as not matched. */
  readonly failed: readonly { readonly line: string; readonly message: string }[];
};

const usualOrder = 100;

/**
 * Chooses the line of a new case: the one that the request names, else the first whose condition holds (by order, then name), else
 * the carrier's default, else the built-in one with an alarm: never "no clock". Undefined where the named line is not published.
 */
export function chooseLine({ carrier, named, lines, facts, otherwise }: LineChoice): ChosenLine | undefined {
  if (named !== undefined) {
    const { name, version } = named;
    if (version === undefined) return undefined;
    return { ref: { carrier, name, version }, reason: "named by the request", alarm: false, failed: [] };
  }
  const failed: { line: string; message: string }[] = [];
  for (const { ref, condition } of lines.toSorted(inOrder)) {
    const held = condition?.(facts);
    if (held?.failed !== undefined) failed.push({ line: ref.name, message: held.failed });
    if (held?.holds === true) return { ref, reason: `matched ${ref.name}@${ref.version}`, alarm: false, failed };
  }
  return otherwise === undefined
    ? { ref: builtinRef, reason: `builtin: ${carrier} has no default`, alarm: true, failed }
    : { ref: otherwise, reason: `default of ${carrier}`, alarm: false, failed };
}

function inOrder(a: Matchable, b: Matchable): number {
  return (a.order ?? usualOrder) - (b.order ?? usualOrder) || (a.ref.name < b.ref.name ? -1 : 1);
}
