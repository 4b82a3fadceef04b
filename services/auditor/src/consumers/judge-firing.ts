import { type Cause, type ClockEvent, type ClockKind, formatInstant, parseInstant, topics } from "@crossline/contracts";
import {
  type AuditedLine,
  type Firing,
  type FiringVerdict,
  applyTimerOrder,
  compare,
  firingIdOf,
  continuesOrder,
} from "../rules/index.ts";
import type { LoadedCase, Report } from "../commands/report.ts";
import type { PublishedFiring } from "../store/firings.ts";
import type { Lines } from "../store/lines.ts";
import type { CaseInput } from "./case-input.ts";

export type JudgeFiringDeps = {
  readonly lines: Lines;
  readonly report: Report;
  readonly lateMs: number;
  /** Returns whether this record is the first record with this firing id. */
  readonly isFirst: (firing: PublishedFiring) => boolean;
};

/** Applies the records that the timer had applied, compares one firing with the expected firings, and reports the verdict. */
export function judgeFiring(loaded: LoadedCase, firing: CaseInput & Firing, deps: JudgeFiringDeps): void {
  const { report, lateMs, isFirst, lines } = deps;
  const { state, partition } = loaded;
  const { kind, clock } = firing.data;
  const { sequence, key } = firing;
  const isRepeated = !isFirst({ firingId: firingIdOf(key, firing.data), sequence });
  if (isRepeated) reportFiring(loaded, firing, report, "doubled");
  // If the same record arrived twice, the auditor has already applied its order. If the timer has fired twice, the order in the
  // second firing starts after the records of the first firing.
  if (isRepeated && !continuesOrder(state, firing)) return;
  const orderVerdict = applyTimerOrder(state, firing, lines.get);
  if (isRepeated) return;
  if (!isAudited(clock, kind, lines.get(state.ordered.line))) return report.count(partition, "unaudited", kind);
  const verdict = compare(state, firing, orderVerdict, { lineOf: lines.get, lateMs });
  if (verdict.is === "late" || verdict.is === "unfounded") reportFiring(loaded, firing, report, verdict);
  else report.count(partition, verdict.is === "as-expected" ? "told" : "unsure", kind);
}

type FiringFault = "doubled" | Extract<FiringVerdict, { is: "late" | "unfounded" }>;

function reportFiring(loaded: LoadedCase, firing: CaseInput & Firing, report: Report, fault: FiringFault): void {
  const { kind, clock, incarnation, threshold, firingId, dueAt, firedAt } = firing.data;
  const { sequence } = firing;
  const published = { clock, kind, incarnation, threshold, firingId, sequence, dueAt, firedAt };
  const at = parseInstant(firedAt);
  const after = [causeOf(firing)];
  if (fault === "doubled")
    return report.addFinding(loaded, { kind: "doubled", clock: kind, at, data: published, after });
  if (fault.is === "late") {
    const { latenessMs, afterMissed } = fault;
    const data = { ...published, latenessMs, afterMissed };
    return report.addFinding(loaded, { kind: "late", clock: kind, at, data, after });
  }
  const { reason, expectedAt } = fault;
  const data = { ...published, reason, ...(expectedAt !== undefined && { expectedAt: formatInstant(expectedAt) }) };
  report.addFinding(loaded, { kind: "unfounded", clock: kind, at, data, after });
}

/** Reports a clock event whose order is impossible. */
export function reportOrder(loaded: LoadedCase, clockEvent: CaseInput & ClockEvent, report: Report): void {
  const { sequence, type, time } = clockEvent;
  const data = { sequence, fact: type, reason: "wrong-order" as const };
  report.addFinding(loaded, { kind: "unfounded", clock: "record", at: time, data, after: [causeOf(clockEvent)] });
}

function causeOf({ key, sequence }: CaseInput): Cause {
  return { topic: topics.clock, key, sequence };
}

/** Returns whether the auditor has rules for the clock. */
function isAudited(clock: string, kind: ClockKind, { unaudited }: AuditedLine): boolean {
  return !unaudited.some((left) => left.clock === clock || (kind === "promise" && left.kind === kind));
}
