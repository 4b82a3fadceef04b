import { type Instant, parseInstant } from "@crossline/contracts";
import { type CaseState, isBlurred } from "./case-state.ts";
import type { Firing, FiringVerdict } from "./verdict.ts";
import { passThreshold } from "./apply-event.ts";
import { type AuditedLine, hoursOf } from "./audited-line.ts";
import { type AuditedClock, nextDue } from "./audited-clock.ts";

/** Returns the index of the fired threshold, or -1 if the clock has no such threshold or has passed the threshold. */
export function indexIn(clock: AuditedClock | undefined, { data: { threshold } }: Firing): number {
  const index = clock?.thresholds.indexOf(threshold) ?? -1;
  return clock !== undefined && index >= clock.next ? index : -1;
}

/** Returns the deadline of the clock's threshold at this index, or undefined if the threshold has no deadline. */
export function dueOf(clock: AuditedClock, index: number, line: AuditedLine): Instant | undefined {
  return nextDue({ ...clock, next: index }, hoursOf(line, clock));
}

/** Moves a clock past a threshold that has fired. */
export function advance(clock: AuditedClock, { sequence, data: { dueAt } }: Firing, line: AuditedLine): void {
  passThreshold(clock, parseInstant(dueAt), line, `clock/${sequence}`);
}

/** Returns whether the clock of this firing is unsure. */
export function isUnsure(state: CaseState, { data: { clock, kind, startedAt } }: Firing): boolean {
  const { meters, owed } = state;
  return (
    isBlurred(state, kind, parseInstant(startedAt)) ||
    meters.some(({ name, unsure }) => name === clock && unsure === true) ||
    owed.some((one) => one.clock === clock && one.unsure)
  );
}

/** Accepts the firing of an unsure clock without a comparison. Copies the timer's values to the clock. The clock stays unsure. */
export function matchUnsure(state: CaseState, firing: Firing, line: AuditedLine): FiringVerdict {
  const { clock, threshold } = firing.data;
  state.owed = state.owed.filter((one) => !(one.clock === clock && one.threshold === threshold && one.unsure));
  const running = state.meters.find(({ name }) => name === clock);
  if (running?.unsure === true) adopt(running, firing, line);
  return { is: "unsure" };
}

/**
 * Returns the verdict for a firing that has a wrong deadline or is not expected. Copies the timer's values to the clock, so that the
 * auditor does not expect the threshold again.
 */
export function matchWrong(clock: AuditedClock | undefined, firing: Firing, line: AuditedLine): FiringVerdict {
  const index = indexIn(clock, firing);
  if (clock === undefined || index === -1) return { is: "unfounded", reason: "not-asked" };
  const expectedAt = dueOf(clock, index, line);
  adopt(clock, firing, line);
  return { is: "unfounded", reason: "wrong-instant", ...(expectedAt !== undefined && { expectedAt }) };
}

/** Copies the timer's values to the clock: the incarnation and the fired threshold. */
function adopt(clock: AuditedClock, firing: Firing, line: AuditedLine): void {
  const index = indexIn(clock, firing);
  if (index === -1) return;
  clock.incarnation = firing.data.incarnation;
  clock.next = index;
  advance(clock, firing, line);
}
