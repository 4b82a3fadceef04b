import { type EventOf, type Instant, derivedId, parseInstant, timelineKind } from "@crossline/contracts";
import type { Arrival } from "./arrival.ts";
import type { AuditedCase, ThresholdName } from "./audited-case.ts";
import { type CaseState, type Owed, blur } from "./case-state.ts";
import { type LineOf, oweNext, pass } from "./follow.ts";
import { type AuditedLine, hoursOf } from "./line.ts";
import { type Meter, isUnnumbered, nextDue, unnumbered } from "./meter.ts";

export type Firing = EventOf<"clock.warned" | "clock.breached">;

/** What a firing was found to be. `unsure`: the order of the records before it is not known, and it is not compared. */
export type Verdict =
  | { readonly is: "as-expected" | "unsure" }
  | { readonly is: "late"; readonly latenessMs: number; readonly afterMissed: boolean }
  | {
      readonly is: "unfounded";
      readonly reason: "not-asked" | "wrong-instant" | "too-early" | "wrong-id" | "wrong-order";
      readonly expectedAt?: Instant;
    };

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

function strike(on: AuditedCase, firing: Firing, arrival: Arrival, line: AuditedLine): Verdict {
  const { ordered } = on;
  const due = parseInstant(firing.data.dueAt);
  const owed = findOwed(ordered, firing, due);
  const meter = ordered.meters.find(
    ({ name, incarnation }) => name === firing.data.clock && isSame(incarnation, firing),
  );
  if (owed?.due === due) return strikeOwed(on, owed, firing);
  if (meter !== undefined && isAsked(meter, firing, due, line)) return strikeRunning(on, meter, firing, line);
  if (arrival === "passed") blur(ordered, parseInstant(firing.data.startedAt));
  if (isUnsure(ordered, firing)) return strikeUnsure(ordered, firing, line);
  if (owed !== undefined) {
    strikeOwed(on, owed, firing);
    return { is: "unfounded", reason: "wrong-instant", expectedAt: owed.due };
  }
  return strikeWrong(meter, firing, line);
}

function isSame(expected: string, { data: { incarnation } }: Firing): boolean {
  return expected === incarnation || (isUnnumbered(expected) && incarnation.startsWith("clock/"));
}

function findOwed(on: CaseState, firing: Firing, due: Instant): Owed | undefined {
  const { clock, threshold } = firing.data;
  const found = on.owed.filter(
    (owed) => owed.clock === clock && owed.threshold === threshold && isSame(owed.incarnation, firing),
  );
  return found.find((owed) => owed.due === due) ?? found[0];
}

function strikeOwed(on: AuditedCase, owed: Owed, firing: Firing): Verdict {
  on.ordered.owed = on.ordered.owed.filter((other) => other !== owed);
  number(on, firing);
  return asReported(on, { ...owed, incarnation: firing.data.incarnation }, firing);
}

/** A firing that was reported as missed is late. */
function asReported(on: AuditedCase, name: ThresholdName, { data }: Firing): Verdict {
  if (!isAmong(on.reported, name)) return { is: "as-expected" };
  on.reported = on.reported.filter((other) => !isAmong([other], name));
  const latenessMs = Math.max(0, parseInstant(data.firedAt) - parseInstant(data.dueAt));
  return { is: "late", latenessMs, afterMissed: true };
}

export function isAmong(names: readonly ThresholdName[], { clock, incarnation, threshold }: ThresholdName): boolean {
  return names.some((name) => name.clock === clock && name.incarnation === incarnation && name.threshold === threshold);
}

/** A breach tells the number of the clock that goes on from it. */
function number(on: AuditedCase, { sequence, data: { clock, dueAt, threshold } }: Firing): void {
  if (threshold !== 100) return; // After a change of its target a warning can be due at the breach's instant.
  const expected = unnumbered(parseInstant(dueAt));
  rename(on, clock, expected, `clock/${sequence}`);
}

function rename(on: AuditedCase, clock: string, from: string, to: string): void {
  const renamed = <T extends { readonly clock: string; readonly incarnation: string }>(one: T): T =>
    one.clock === clock && one.incarnation === from ? { ...one, incarnation: to } : one;
  on.ordered.owed = on.ordered.owed.map(renamed);
  on.reported = on.reported.map(renamed);
  on.undecided = on.undecided.map(renamed);
  for (const meter of on.ordered.meters) if (meter.name === clock && meter.incarnation === from) meter.incarnation = to;
}

function indexIn(meter: Meter | undefined, { data: { threshold } }: Firing): number {
  const index = meter?.thresholds.indexOf(threshold) ?? -1;
  return meter !== undefined && index >= meter.next ? index : -1;
}

function dueOf(meter: Meter, index: number, line: AuditedLine): Instant | undefined {
  return nextDue({ ...meter, next: index }, hoursOf(line, meter));
}

function isAsked(meter: Meter, firing: Firing, due: Instant, line: AuditedLine): boolean {
  const index = indexIn(meter, firing);
  return index !== -1 && dueOf(meter, index, line) === due;
}

/** A running clock fires at its instant. Thresholds that it has jumped over are owed. */
function strikeRunning(on: AuditedCase, meter: Meter, firing: Firing, line: AuditedLine): Verdict {
  const { incarnation, dueAt } = firing.data;
  const due = parseInstant(dueAt);
  if (meter.incarnation !== incarnation) rename(on, meter.name, meter.incarnation, incarnation);
  const index = indexIn(meter, firing);
  while (meter.next < index) oweNext(on.ordered, meter, dueOf(meter, meter.next, line) ?? due, line);
  advance(meter, firing, line);
  return asReported(on, firing.data, firing);
}

/** The threshold has gone by. A clock that goes on from its breach stands in it as the timer's does, whatever was unknown. */
function advance(meter: Meter, { sequence, data: { dueAt } }: Firing, line: AuditedLine): void {
  pass(meter, parseInstant(dueAt), line, `clock/${sequence}`);
  if (meter.next === 0) delete meter.unsure;
}

/** Whether the order of the records is unknown that made this clock what it is for the timer. */
function isUnsure({ meters, owed, blurred }: CaseState, { data: { clock, startedAt } }: Firing): boolean {
  if (blurred !== undefined && parseInstant(startedAt) <= blurred.until) return true;
  return (
    meters.some(({ name, unsure }) => name === clock && unsure === true) ||
    owed.some((one) => one.clock === clock && one.unsure)
  );
}

/** Nothing is held against it; the clock goes on as the timer has it. */
function strikeUnsure(on: CaseState, firing: Firing, line: AuditedLine): Verdict {
  const { clock, threshold } = firing.data;
  on.owed = on.owed.filter((one) => !(one.clock === clock && one.threshold === threshold && one.unsure));
  const running = on.meters.find(({ name }) => name === clock);
  if (running?.unsure === true) adopt(running, firing, line);
  return { is: "unsure" };
}

/** It has fired for a clock that runs, but not when it had to: it will not fire again. */
function strikeWrong(meter: Meter | undefined, firing: Firing, line: AuditedLine): Verdict {
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
