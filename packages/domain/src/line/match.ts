import type { LineRef } from "@crossline/contracts";
import { builtinRef } from "./builtin.ts";
import type { CaseFacts, Condition } from "./condition.ts";

/** A published line that a case can match. `observes`: it only measures. */
export type MatchableLine = {
  readonly ref: LineRef;
  readonly observes?: boolean;
  readonly order?: number | undefined;
  readonly condition: Condition;
};

/** The lines that a new case can get. */
export type LineChoice = {
  readonly carrier: string;
  readonly facts: CaseFacts;
  /** The line that the request names, in its newest version; without a version the carrier has published none. */
  readonly named?: { readonly name: string; readonly version: number | undefined; readonly observes?: boolean };
  readonly lines: readonly MatchableLine[];
  /** The carrier's default. */
  readonly otherwise?: LineRef & { readonly observes?: boolean };
};

/** The line of a new case, and why it is this one. */
export type ChosenLine = {
  readonly ref: LineRef;
  readonly reason: string;
  /** The line only measures: nothing crosses under it. */
  readonly observes: boolean;
  /** No line of the carrier's applied: the case gets the built-in one, which has no crossing step. */
  readonly alarm: boolean;
  /** Conditions that failed for this case; they count as not matched. */
  readonly failed: readonly { readonly line: string; readonly message: string }[];
};

const defaultOrder = 100;

/**
 * Chooses the line of a new case: the one that the request names, else the first whose condition holds (by order, then name), else
 * the carrier's default, else the built-in one with an alarm: never "no clock". Undefined where the named line is not published.
 */
export function chooseLine({ carrier, facts, named, lines, otherwise }: LineChoice): ChosenLine | undefined {
  if (named !== undefined) {
    const { name, version, observes = false } = named;
    if (version === undefined) return undefined;
    return { ref: { carrier, name, version }, reason: "named by the request", observes, alarm: false, failed: [] };
  }
  const failed: { line: string; message: string }[] = [];
  for (const { ref, observes = false, condition } of lines.toSorted(inOrder)) {
    const result = condition(facts);
    if (result.failed !== undefined) failed.push({ line: ref.name, message: result.failed });
    if (result.holds) return { ref, reason: `matched ${ref.name}@${ref.version}`, observes, alarm: false, failed };
  }
  if (otherwise !== undefined) {
    const { observes = false, ...ref } = otherwise;
    return { ref, reason: `default of ${carrier}`, observes, alarm: false, failed };
  }
  const reason = `builtin: ${carrier} has no default`;
  return { ref: builtinRef, reason, observes: false, alarm: true, failed };
}

function inOrder(a: MatchableLine, b: MatchableLine): number {
  return (a.order ?? defaultOrder) - (b.order ?? defaultOrder) || (a.ref.name < b.ref.name ? -1 : 1);
}
