import { type Cause, type ClockEvent, type ClockKind, formatInstant, parseInstant, topics } from "@crossline/contracts";
import { type AuditedLine, type Firing, type Verdict, arrive, compare, firingIdOf, isInLine } from "../rules/index.ts";
import type { CaseInHand, Report } from "../commands/report.ts";
import type { ToldFiring } from "../store/firings.ts";
import type { Lines } from "../store/lines.ts";
import type { CaseInput } from "./case-input.ts";

export type JudgeFiringDeps = {
  readonly lines: Lines;
  readonly report: Report;
  readonly lateMs: number;
  /** Whether this record is the first to report the firing. */
  readonly isFirst: (firing: ToldFiring) => boolean;
};

/** Compares one firing with what must fire by the records that the timer had applied, and reports what it is. */
export function judgeFiring(on: CaseInHand, firing: CaseInput & Firing, deps: JudgeFiringDeps): void {
  const { report, lateMs, isFirst, lines } = deps;
  const { state, partition } = on;
  const { kind, clock } = firing.data;
  const { sequence, key } = firing;
  const isRepeated = !isFirst({ firingId: firingIdOf(key, firing.data), sequence });
  if (isRepeated) reportFiring(on, firing, report, "doubled");
  // What a second telling says of the order has been said; a timer that has really fired twice goes on from there.
  if (isRepeated && !isInLine(state, firing)) return;
  const arrival = arrive(state, firing, lines.get);
  if (isRepeated) return;
  if (!isAudited(clock, kind, lines.get(state.ordered.line))) return report.count(partition, "unaudited", kind);
  const verdict = compare(state, firing, arrival, { lineOf: lines.get, lateMs });
  if (verdict.is === "late" || verdict.is === "unfounded") reportFiring(on, firing, report, verdict);
  else report.count(partition, verdict.is === "as-expected" ? "told" : "unsure", kind);
}

type Fault = "doubled" | Extract<Verdict, { is: "late" | "unfounded" }>;

function reportFiring(on: CaseInHand, firing: CaseInput & Firing, report: Report, fault: Fault): void {
  const { kind, clock, incarnation, threshold, firingId, dueAt, firedAt } = firing.data;
  const { sequence } = firing;
  const told = { clock, kind, incarnation, threshold, firingId, sequence, dueAt, firedAt };
  const at = parseInstant(firedAt);
  const after = [causeOf(firing)];
  if (fault === "doubled") return report.find(on, { kind: "doubled", clock: kind, at, data: told, after });
  if (fault.is === "late") {
    const { latenessMs, afterMissed } = fault;
    const data = { ...told, latenessMs, afterMissed };
    return report.find(on, { kind: "late", clock: kind, at, data, after });
  }
  const { reason, expectedAt } = fault;
  const data = { ...told, reason, ...(expectedAt !== undefined && { expectedAt: formatInstant(expectedAt) }) };
  report.find(on, { kind: "unfounded", clock: kind, at, data, after });
}

/** The order that a clock fact tells of cannot have been. */
export function reportOrder(on: CaseInHand, fact: CaseInput & ClockEvent, report: Report): void {
  const { sequence, type, time } = fact;
  const data = { sequence, fact: type, reason: "wrong-order" as const };
  report.find(on, { kind: "unfounded", clock: "record", at: time, data, after: [causeOf(fact)] });
}

function causeOf({ key, sequence }: CaseInput): Cause {
  return { topic: topics.clock, key, sequence };
}

/** Whether there are rules for the clock. */
function isAudited(clock: string, kind: ClockKind, { unaudited }: AuditedLine): boolean {
  return !unaudited.some((left) => left.clock === clock || (kind === "promise" && left.kind === kind));
}
