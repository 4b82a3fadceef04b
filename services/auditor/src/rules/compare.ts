import { derivedId, parseInstant, timelineKind } from "@crossline/contracts";
import type { Arrival } from "./arrival.ts";
import type { AuditedCase } from "./audited-case.ts";
import type { LineOf } from "./follow.ts";
import { strike } from "./strike.ts";
import type { ThresholdName } from "./threshold-name.ts";
import type { Firing, Verdict } from "./verdict.ts";

export type Measure = { readonly lineOf: LineOf; readonly lateMs: number };

/** Compares one firing, whose order has been applied, with what the history asks for by then, and strikes it off what is expected. */
export function compare(on: AuditedCase, firing: Firing, arrival: Arrival, { lineOf, lateMs }: Measure): Verdict {
  const struck = strike(on, firing, arrival, lineOf(on.ordered.line));
  if (arrival === "impossible") return { is: "unfounded", reason: "wrong-order" };
  if (struck.is !== "as-expected") return struck;
  return doubt(on, firing, lateMs) ?? struck;
}

/** What is wrong with a firing that was asked for at this instant. */
function doubt({ caseId, timeline }: AuditedCase, { data }: Firing, lateMs: number): Verdict | undefined {
  const latenessMs = parseInstant(data.firedAt) - parseInstant(data.dueAt);
  if (data.firingId !== firingIdOf(caseId, data)) return { is: "unfounded", reason: "wrong-id" };
  if (latenessMs < 0) return { is: "unfounded", reason: "too-early" };
  const isLate = timelineKind(timeline) === "wall" && latenessMs > lateMs;
  return isLate ? { is: "late", latenessMs, afterMissed: false } : undefined;
}

/** The identity that a firing must have: a hash of case, clock, incarnation and threshold. */
export function firingIdOf(caseId: string, { clock, incarnation, threshold }: ThresholdName): string {
  return derivedId("fir", caseId, clock, incarnation, threshold);
}
