import { type Instant, parseInstant } from "@crossline/contracts";
import { type CaseState, isBlurred } from "./case-state.ts";
import type { Firing, Verdict } from "./verdict.ts";
import { pass } from "./follow.ts";
import { type AuditedLine, hoursOf } from "./audited-line.ts";
import { type Meter, nextDue } from "./meter.ts";

/** Which threshold of a clock has fired; -1 where it is none of those that are left. */
export function indexIn(meter: Meter | undefined, { data: { threshold } }: Firing): number {
  const index = meter?.thresholds.indexOf(threshold) ?? -1;
  return meter !== undefined && index >= meter.next ? index : -1;
}

export function dueOf(meter: Meter, index: number, line: AuditedLine): Instant | undefined {
  return nextDue({ ...meter, next: index }, hoursOf(line, meter));
}

/** The threshold has gone by. */
export function advance(meter: Meter, { sequence, data: { dueAt } }: Firing, line: AuditedLine): void {
  pass(meter, parseInstant(dueAt), line, `clock/${sequence}`);
}

/** Whether the order of the records is unknown that made this clock what it is for the timer. */
export function isUnsure(on: CaseState, { data: { clock, kind, startedAt } }: Firing): boolean {
  const { meters, owed } = on;
  return (
    isBlurred(on, kind, parseInstant(startedAt)) ||
    meters.some(({ name, unsure }) => name === clock && unsure === true) ||
    owed.some((one) => one.clock === clock && one.unsure)
  );
}

/** It is not compared; the clock goes on as the timer has it, and stays unsure. */
export function strikeUnsure(on: CaseState, firing: Firing, line: AuditedLine): Verdict {
  const { clock, threshold } = firing.data;
  on.owed = on.owed.filter((one) => !(one.clock === clock && one.threshold === threshold && one.unsure));
  const running = on.meters.find(({ name }) => name === clock);
  if (running?.unsure === true) adopt(running, firing, line);
  return { is: "unsure" };
}

/** It has fired for a clock that runs, but not when it had to: it will not fire again. */
export function strikeWrong(meter: Meter | undefined, firing: Firing, line: AuditedLine): Verdict {
  const index = indexIn(meter, firing);
  if (meter === undefined || index === -1) return { is: "unfounded", reason: "not-asked" };
  const expectedAt = dueOf(meter, index, line);
  adopt(meter, firing, line);
  return { is: "unfounded", reason: "wrong-instant", ...(expectedAt !== undefined && { expectedAt }) };
}

/** Takes over what the timer has: the threshold has fired, and what goes on from a breach has the number that it gave. */
function adopt(meter: Meter, firing: Firing, line: AuditedLine): void {
  const index = indexIn(meter, firing);
  if (index === -1) return;
  meter.incarnation = firing.data.incarnation;
  meter.next = index;
  advance(meter, firing, line);
}
