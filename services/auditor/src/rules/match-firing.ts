import { type Instant, parseInstant } from "@crossline/contracts";
import type { OrderVerdict } from "./timer-order.ts";
import type { AuditedCase } from "./audited-case.ts";
import { type CaseState, type ExpectedFiring, blur } from "./case-state.ts";
import type { Firing, FiringVerdict } from "./verdict.ts";
import { addNextOwed } from "./apply-event.ts";
import type { AuditedLine } from "./audited-line.ts";
import { type AuditedClock, isUnnumbered, unnumberedIncarnation } from "./audited-clock.ts";
import { advance, dueOf, indexIn, isUnsure, matchUnsure, matchWrong } from "./unexpected.ts";
import { type ThresholdName, isAmong } from "./threshold-name.ts";

/**
 * Returns the verdict for a firing. Finds the expected firing, open clock or unsure clock that matches the firing. Removes the
 * expected firing that matches.
 */
export function matchFiring(
  audited: AuditedCase,
  firing: Firing,
  orderVerdict: OrderVerdict,
  line: AuditedLine,
): FiringVerdict {
  const { ordered } = audited;
  const due = parseInstant(firing.data.dueAt);
  const owed = findOwed(ordered, firing, due);
  const clock = ordered.meters.find(
    ({ name, incarnation }) => name === firing.data.clock && isSame(incarnation, firing),
  );
  if (owed?.due === due) return matchOwed(audited, owed, firing);
  if (clock !== undefined && isDueAt(clock, firing, due, line)) return matchRunning(audited, clock, firing, line);
  if (orderVerdict === "passed") blur(ordered, parseInstant(firing.data.startedAt));
  if (isUnsure(ordered, firing)) return matchUnsure(ordered, firing, line);
  if (owed !== undefined) {
    matchOwed(audited, owed, firing);
    return { is: "unfounded", reason: "wrong-instant", expectedAt: owed.due };
  }
  return matchWrong(clock, firing, line);
}

function isSame(expected: string, { data: { incarnation } }: Firing): boolean {
  return expected === incarnation || (isUnnumbered(expected) && incarnation.startsWith("clock/"));
}

function findOwed(state: CaseState, firing: Firing, due: Instant): ExpectedFiring | undefined {
  const { clock, threshold } = firing.data;
  const matches = state.owed.filter(
    (owed) => owed.clock === clock && owed.threshold === threshold && isSame(owed.incarnation, firing),
  );
  return matches.find((owed) => owed.due === due) ?? matches[0];
}

function matchOwed(audited: AuditedCase, owed: ExpectedFiring, firing: Firing): FiringVerdict {
  audited.ordered.owed = audited.ordered.owed.filter((other) => other !== owed);
  numberIncarnation(audited, firing);
  return verdictOf(audited, { ...owed, incarnation: firing.data.incarnation }, firing);
}

/**
 * Returns the verdict for a firing that matches: `late` if the judge has reported the firing as missed, and otherwise
 * `as-expected`.
 */
function verdictOf(audited: AuditedCase, name: ThresholdName, { data }: Firing): FiringVerdict {
  if (!isAmong(audited.reported, name)) return { is: "as-expected" };
  audited.reported = audited.reported.filter((other) => !isAmong([other], name));
  const latenessMs = Math.max(0, parseInstant(data.firedAt) - parseInstant(data.dueAt));
  return { is: "late", latenessMs, afterMissed: true };
}

/** An incarnation that a breach starts has a provisional name until the breach arrives. Renames it to the sequence of this breach. */
function numberIncarnation(audited: AuditedCase, { sequence, data: { clock, dueAt, threshold } }: Firing): void {
  // Only a breach starts an incarnation, but after a change of the target, a warning can have the same deadline as the breach.
  if (threshold !== 100) return;
  const expected = unnumberedIncarnation(parseInstant(dueAt));
  renameIncarnation(audited, clock, expected, `clock/${sequence}`);
}

function renameIncarnation(audited: AuditedCase, clock: string, from: string, to: string): void {
  const renamed = <T extends { readonly clock: string; readonly incarnation: string }>(one: T): T =>
    one.clock === clock && one.incarnation === from ? { ...one, incarnation: to } : one;
  audited.ordered.owed = audited.ordered.owed.map(renamed);
  audited.reported = audited.reported.map(renamed);
  audited.undecided = audited.undecided.map(renamed);
  for (const running of audited.ordered.meters)
    if (running.name === clock && running.incarnation === from) running.incarnation = to;
}

function isDueAt(clock: AuditedClock, firing: Firing, due: Instant, line: AuditedLine): boolean {
  const index = indexIn(clock, firing);
  return index !== -1 && dueOf(clock, index, line) === due;
}

/**
 * Moves an open clock past a threshold that fired at its deadline, and returns the verdict. Earlier thresholds without a firing
 * become expected firings.
 */
function matchRunning(audited: AuditedCase, clock: AuditedClock, firing: Firing, line: AuditedLine): FiringVerdict {
  const { incarnation, dueAt } = firing.data;
  const due = parseInstant(dueAt);
  if (clock.incarnation !== incarnation) renameIncarnation(audited, clock.name, clock.incarnation, incarnation);
  const index = indexIn(clock, firing);
  while (clock.next < index) addNextOwed(audited.ordered, clock, dueOf(clock, clock.next, line) ?? due, line);
  advance(clock, firing, line);
  // The breach has restarted the clock, so the timer's clock and the auditor's clock are equal again.
  if (clock.next === 0) delete clock.unsure;
  return verdictOf(audited, firing.data, firing);
}
