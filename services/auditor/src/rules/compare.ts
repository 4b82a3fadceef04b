import { derivedId, parseInstant, timelineKind } from "@crossline/contracts";
import type { OrderVerdict } from "./timer-order.ts";
import type { AuditedCase } from "./audited-case.ts";
import type { LineOf } from "./apply-event.ts";
import { matchFiring } from "./match-firing.ts";
import type { ThresholdName } from "./threshold-name.ts";
import type { Firing, FiringVerdict } from "./verdict.ts";

/**
 * `lineOf` returns the line that a reference names. If the lateness of a firing on the wall timeline is more than `lateMs`, the
 * firing is late.
 */
export type CompareDeps = { readonly lineOf: LineOf; readonly lateMs: number };

/**
 * Compares one firing with the expected firings, and removes the expected firing that matches. The caller must first apply the order
 * in the firing.
 */
export function compare(
  audited: AuditedCase,
  firing: Firing,
  orderVerdict: OrderVerdict,
  { lineOf, lateMs }: CompareDeps,
): FiringVerdict {
  const verdict = matchFiring(audited, firing, orderVerdict, lineOf(audited.ordered.line));
  if (orderVerdict === "impossible") return { is: "unfounded", reason: "wrong-order" };
  if (verdict.is !== "as-expected") return verdict;
  return findFault(audited, firing, lateMs) ?? verdict;
}

/**
 * Returns the fault of a firing whose deadline is correct. The fault is a wrong id or a wrong time of firing. Returns undefined if
 * the firing has no fault.
 */
function findFault({ caseId, timeline }: AuditedCase, { data }: Firing, lateMs: number): FiringVerdict | undefined {
  const latenessMs = parseInstant(data.firedAt) - parseInstant(data.dueAt);
  if (data.firingId !== firingIdOf(caseId, data)) return { is: "unfounded", reason: "wrong-id" };
  if (latenessMs < 0) return { is: "unfounded", reason: "too-early" };
  const isLate = timelineKind(timeline) === "wall" && latenessMs > lateMs;
  return isLate ? { is: "late", latenessMs, afterMissed: false } : undefined;
}

/** Returns the correct id of a firing: a hash of case, clock, incarnation and threshold. */
export function firingIdOf(caseId: string, { clock, incarnation, threshold }: ThresholdName): string {
  return derivedId("fir", caseId, clock, incarnation, threshold);
}
