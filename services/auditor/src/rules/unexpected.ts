import { type Instant, parseInstant } from "@crossline/contracts";
import { type CaseState, isBlurred } from "./case-state.ts";
import type { Firing, FiringVerdict } from "./verdict.ts";
import { passThreshold } from "./apply-event.ts";
import { type AuditedLine, hoursOf } from "./audited-line.ts";
import { type AuditedClock, nextDue } from "./audited-clock.ts";

/** Which threshold of a clock has fired; -1 where it is none of those that are left. */
export function indexIn(clock: AuditedClock | undefined, { data: { threshold } }: Firing): number {
  const index = clock?.thresholds.indexOf(threshold) ?? -1;
  return clock !== undefined && index >= clock.next ? index : -1;
}

export function dueOf(clock: AuditedClock, index: number, line: AuditedLine): Instant | undefined {
  return nextDue({ ...clock, next: index }, hoursOf(line, clock));
}

/** The threshold has gone by. */
export function advance(clock: AuditedClock, { sequence, data: { dueAt } }: Firing, line: AuditedLine): void {
  passThreshold(clock, parseInstant(dueAt), line, `clock/${sequence}`);
}

/** Whether the order of the records is unknown that made this clock what it is for the timer. */
export function isUnsure(state: CaseState, { data: { clock, kind, startedAt } }: Firing): boolean {
  const { meters, owed } = state;
  return (
    isBlurred(state, kind, parseInstant(startedAt)) ||
    meters.some(({ name, unsure }) => name === clock && unsure === true) ||
    owed.some((one) => one.clock === clock && one.unsure)
  );
}

/** It is not compared; the clock goes on as the timer has it, and stays unsure. */
export function matchUnsure(state: CaseState, firing: Firing, line: AuditedLine): FiringVerdict {
  const { clock, threshold } = firing.data;
  state.owed = state.owed.filter((one) => !(one.clock === clock && one.threshold === threshold && one.unsure));
  const running = state.meters.find(({ name }) => name === clock);
  if (running?.unsure === true) adopt(running, firing, line);
  return { is: "unsure" };
}

/** It has fired for a clock that runs, but not when it had to: it will not fire again. */
export function matchWrong(clock: AuditedClock | undefined, firing: Firing, line: AuditedLine): FiringVerdict {
  const index = indexIn(clock, firing);
  if (clock === undefined || index === -1) return { is: "unfounded", reason: "not-asked" };
  const expectedAt = dueOf(clock, index, line);
  adopt(clock, firing, line);
  return { is: "unfounded", reason: "wrong-instant", ...(expectedAt !== undefined && { expectedAt }) };
}

/** Takes over what the timer has: the threshold has fired, and what goes on from a breach has the number that it gave. */
function adopt(clock: AuditedClock, firing: Firing, line: AuditedLine): void {
  const index = indexIn(clock, firing);
  if (index === -1) return;
  clock.incarnation = firing.data.incarnation;
  clock.next = index;
  advance(clock, firing, line);
}
