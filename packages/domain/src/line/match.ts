import type { LineRef } from "@crossline/contracts";
import { builtinRef } from "./builtin.ts";
import type { CaseFacts, Condition } from "./condition.ts";

/** A published line that a case can match. `observes` is true for an observing line. */
export type MatchableLine = {
  readonly ref: LineRef;
  readonly observes?: boolean;
  readonly order?: number | undefined;
  readonly condition: Condition;
};

/** The lines from which the line of a new case is chosen. */
export type LineChoice = {
  readonly carrier: string;
  readonly facts: CaseFacts;
  /** The line that the request names, in its newest version. `version` is undefined if the carrier has not published the line. */
  readonly named?: { readonly name: string; readonly version: number | undefined; readonly observes?: boolean };
  readonly lines: readonly MatchableLine[];
  /** The carrier's default line. */
  readonly otherwise?: LineRef & { readonly observes?: boolean };
};

/** The line of a new case and the reason for it. */
export type ChosenLine = {
  readonly ref: LineRef;
  readonly reason: string;
  /** True for an observing line, whose cases do not cross. */
  readonly observes: boolean;
  /** True if no line of the carrier applied. The case then gets the built-in line, which has no line step. */
  readonly alarm: boolean;
  /** The match conditions whose evaluation failed for this case. The case does not match these conditions. */
  readonly failed: readonly { readonly line: string; readonly message: string }[];
};

const defaultOrder = 100;

/**
 * Chooses the line of a new case, so that every case has clocks. The first choice is the line that the request names. The
 * second choice is the first line, by `order` and name, whose match condition holds. The third choice is the carrier's default
 * line. The last choice is the built-in line, which raises an alarm. Returns undefined if the named line is not published.
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
