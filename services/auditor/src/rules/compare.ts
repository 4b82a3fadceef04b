import {
  type Cause,
  type EventOf,
  type Instant,
  derivedId,
  parseInstant,
  timelineKind,
  topics,
} from "@crossline/contracts";
import type { AuditedCase, Owed, Past } from "./audited-case.ts";
import { type LineOf, owe, oweNext, pass } from "./follow.ts";
import { type AuditedLine, hoursOf, obligationOf } from "./line.ts";
import { isDoubtful } from "./order.ts";
import { type Meter, isUnnumbered, nextDue, restart, unnumbered } from "./meter.ts";

export type Firing = EventOf<"clock.warned" | "clock.breached">;

/** What a firing was found to be. `raced`: an event that would have stopped it was not read in time, which is allowed. */
export type Verdict =
  | { readonly is: "as-expected" | "raced" | "unsure" }
  | { readonly is: "late"; readonly latenessMs: number; readonly afterMissed: boolean }
  | {
      readonly is: "unfounded";
      readonly reason: "not-asked" | "wrong-instant" | "too-early" | "wrong-id";
      readonly expectedAt?: Instant;
    };

/** Holds one firing against what the history asks for, and strikes it off what is expected. */
export function compare(on: AuditedCase, firing: Firing, lineOf: LineOf, lateMs: number): Verdict {
  const verdict = strike(on, firing, lineOf);
  on.past = on.past.filter(({ until: [noun, sequence] }) => !hasRead(firing, noun, sequence));
  if (verdict.is !== "as-expected" && verdict.is !== "raced") return verdict;
  return doubt(on, firing, lateMs) ?? verdict;
}

/** What is wrong with a firing that was asked for at this instant. */
function doubt(on: AuditedCase, { data }: Firing, lateMs: number): Verdict | undefined {
  const latenessMs = parseInstant(data.firedAt) - parseInstant(data.dueAt);
  if (data.firingId !== firingIdOf(on.caseId, data)) return { is: "unfounded", reason: "wrong-id" };
  if (latenessMs < 0) return { is: "unfounded", reason: "too-early" };
  const isLate = timelineKind(on.timeline) === "wall" && latenessMs > lateMs;
  return isLate ? { is: "late", latenessMs, afterMissed: false } : undefined;
}

/** The identity that a firing must have: a hash of case, clock, incarnation and threshold. */
export function firingIdOf(
  caseId: string,
  { clock, incarnation, threshold }: Pick<Firing["data"], "clock" | "incarnation" | "threshold">,
): string {
  return derivedId("fir", caseId, clock, incarnation, threshold);
}

function strike(on: AuditedCase, firing: Firing, lineOf: LineOf): Verdict {
  const line = lineOf(on.line);
  const due = parseInstant(firing.data.dueAt);
  const owed = findOwed(on, firing, due);
  if (owed?.due === due) return strikeOwed(on, owed, firing);
  const meter = on.meters.find(({ name, incarnation }) => name === firing.data.clock && isSame(incarnation, firing));
  const isNext = meter?.thresholds[meter.next] === firing.data.threshold;
  if (meter !== undefined && isNext && advance(on, meter, firing, due, line)) return { is: "as-expected" };
  // One that seems to be jumped over can be of a line that the timer had not read of yet.
  if (strikePast(on, firing, due, lineOf)) return { is: "raced" };
  if (meter !== undefined && advance(on, meter, firing, due, line)) return { is: "as-expected" };
  if (strikeUnsure(on, firing, due, line) || isDoubtful(on, parseInstant(firing.data.startedAt)))
    return { is: "unsure" };
  if (owed !== undefined) {
    strikeOwed(on, owed, firing);
    return { is: "unfounded", reason: "wrong-instant", expectedAt: owed.due };
  }
  return strikeWrong(on, meter, firing, due, line);
}

function isSame(expected: string, { data: { incarnation } }: Firing): boolean {
  return expected === incarnation || (isUnnumbered(expected) && incarnation.startsWith("clock/"));
}

function findOwed(on: AuditedCase, firing: Firing, due: Instant): Owed | undefined {
  const { clock, threshold } = firing.data;
  const found = on.owed.filter(
    (owed) => owed.clock === clock && owed.threshold === threshold && isSame(owed.incarnation, firing),
  );
  return found.find((owed) => owed.due === due) ?? found[0];
}

function strikeOwed(on: AuditedCase, owed: Owed, firing: Firing): Verdict {
  on.owed = on.owed.filter((other) => other !== owed);
  number(on, firing);
  if (owed.missed === undefined) return { is: "as-expected" };
  const latenessMs = Math.max(0, parseInstant(firing.data.firedAt) - owed.due);
  return { is: "late", latenessMs, afterMissed: true };
}

/** A breach tells the number of the clock that a silence goes on with. */
function number(on: AuditedCase, { sequence, data: { clock, dueAt, threshold } }: Firing): void {
  if (threshold !== 100) return; // After a change of its target a warning can be due at the breach's instant.
  const expected = unnumbered(parseInstant(dueAt));
  const clocks = [...on.owed, ...on.meters, ...on.past.map(({ meter }) => meter)];
  for (const one of clocks) {
    const name = "clock" in one ? one.clock : one.name;
    if (name === clock && one.incarnation === expected) one.incarnation = `clock/${sequence}`;
  }
}

/** A running clock fires at its instant. Thresholds that it has jumped over are owed. */
function advance(on: AuditedCase, meter: Meter, firing: Firing, due: Instant, line: AuditedLine): boolean {
  const index = meter.thresholds.indexOf(firing.data.threshold);
  if (index < meter.next || dueOf(meter, index, line) !== due) return false;
  meter.incarnation = firing.data.incarnation;
  while (meter.next < index) oweNext(on, meter, dueOf(meter, meter.next, line) ?? due, line);
  knowAgain(on, meter, firing);
  pass(meter, due, line, `clock/${firing.sequence}`);
  return true;
}

/** From a breach on, both know again what runs: a silence is counted anew from there. */
function knowAgain(on: AuditedCase, meter: Meter, { data: { kind, threshold, dueAt } }: Firing): void {
  if (kind === "stall.idle" && threshold === 100 && !isDoubtful(on, parseInstant(dueAt))) delete meter.unsure;
}

function dueOf(meter: Meter, index: number, line: AuditedLine): Instant | undefined {
  return nextDue({ ...meter, next: index }, hoursOf(line, meter));
}

/** A clock as it was before an event that the timer, by its own words, had not read. */
function strikePast(on: AuditedCase, firing: Firing, due: Instant, lineOf: LineOf): boolean {
  const isIt = ({ meter, until: [noun, sequence], line: ref = on.line }: Past): boolean => {
    if (meter.name !== firing.data.clock || !isSame(meter.incarnation, firing) || hasRead(firing, noun, sequence))
      return false;
    const index = meter.thresholds.indexOf(firing.data.threshold);
    return index >= meter.next && dueOf(meter, index, lineOf(ref)) === due;
  };
  const past = on.past.find(isIt);
  if (past === undefined) return false;
  const { meter } = past;
  const { incarnation } = meter;
  const index = meter.thresholds.indexOf(firing.data.threshold);
  const isBreach = meter.kind === "stall.idle" && firing.data.threshold === 100;
  meter.next = index;
  pass(meter, due, lineOf(past.line ?? on.line), `clock/${firing.sequence}`);
  if (isBreach) doubtSilence(on, firing.data.clock, due);
  // Where the clock only rests or is due later it has fired, too: as the timer has it now, so it is.
  const isIts = (owed: Owed): boolean => owed.clock === meter.name && owed.incarnation === incarnation;
  // What a change of the line has put before it is not fired any more.
  const isGoneBy = ({ threshold }: Owed): boolean =>
    threshold === firing.data.threshold ||
    (threshold < firing.data.threshold && !past.meter.thresholds.includes(threshold));
  on.owed = on.owed.filter((owed) => !isIts(owed) || !isGoneBy(owed));
  for (const running of on.meters) {
    if (running.name !== meter.name || running.incarnation !== incarnation || running.next > index) continue;
    if (isBreach && goesOnElsewhere(running, past, firing, due, lineOf(on.line), lineOf)) continue;
    const fired = past.meter.thresholds.slice(0, index + 1);
    running.thresholds = [...fired, ...running.thresholds.filter((percent) => percent > firing.data.threshold)];
    adopt(on, running, firing, index, due, lineOf(on.line));
  }
  return true;
}

/**
 * A silence has breached before a move was read to or from a line that only observes. Where its breach was measured only it is
 * counted anew from the move on, else it was from its breach. False where the move makes no difference.
 */
function goesOnElsewhere(
  running: Meter,
  { line: ref, until: [noun, sequence] }: Past,
  firing: Firing,
  due: Instant,
  line: AuditedLine,
  lineOf: LineOf,
): boolean {
  const { from, notBefore: movedAt } = running;
  if (ref === undefined || from === undefined || movedAt === undefined) return false;
  if (lineOf(ref).observes === line.observes) return false;
  if (line.observes) restart(running, `clock/${firing.sequence}`, due);
  else restart(running, `${noun}/${sequence}`, movedAt);
  running.thresholds = obligationOf(line, running)?.thresholds ?? running.thresholds;
  return true;
}

/**
 * A silence has breached before the sign of life was read that would have ended it. The timer counts on from its breach, the
 * history from the sign of life: until the next one, the timer's word is taken.
 */
function doubtSilence(on: AuditedCase, clock: string, due: Instant): void {
  on.doubts = [...on.doubts, { from: due }].slice(-10);
  const isFrom = ({ began, incarnation }: Meter): boolean => began <= due || isUnnumbered(incarnation);
  for (const meter of on.meters) if (meter.name === clock && isFrom(meter)) meter.unsure = true;
  on.owed = on.owed.map((owed) => (owed.clock === clock ? { ...owed, unsure: true } : owed));
}

/** A clock of whose events nobody knows the order: the timer's word is taken for it. */
function strikeUnsure(on: AuditedCase, firing: Firing, due: Instant, line: AuditedLine): boolean {
  const { clock, threshold } = firing.data;
  const owed = on.owed.find((one) => one.clock === clock && one.threshold === threshold && one.unsure);
  if (owed !== undefined) {
    on.owed = on.owed.filter((other) => other !== owed);
    return true;
  }
  const running = on.meters.find(({ name, unsure }) => name === clock && unsure === true);
  const index = running?.thresholds.indexOf(threshold) ?? -1;
  if (running !== undefined && index >= running.next) adopt(on, running, firing, index, due, line);
  return running !== undefined || on.past.some(({ meter }) => meter.name === clock && meter.unsure === true);
}

/** It has fired for a clock that runs, but not when it had to: it will not fire again. */
function strikeWrong(
  on: AuditedCase,
  meter: Meter | undefined,
  firing: Firing,
  due: Instant,
  line: AuditedLine,
): Verdict {
  const index = meter?.thresholds.indexOf(firing.data.threshold) ?? -1;
  if (meter === undefined || index < meter.next) return { is: "unfounded", reason: "not-asked" };
  const expectedAt = dueOf(meter, index, line);
  adopt(on, meter, firing, index, due, line);
  return { is: "unfounded", reason: "wrong-instant", ...(expectedAt !== undefined && { expectedAt }) };
}

/** Takes over what the timer has: the threshold has fired, and a silence goes on with the number that the breach gave it. */
function adopt(on: AuditedCase, meter: Meter, firing: Firing, index: number, due: Instant, line: AuditedLine): void {
  const { from } = meter;
  meter.incarnation = firing.data.incarnation;
  meter.next = index;
  knowAgain(on, meter, firing);
  pass(meter, due, line, `clock/${firing.sequence}`);
  if (meter.next === 0) meter.from = from === undefined ? undefined : Math.max(from, due);
}

/** Whether the timer had read so far when it fired. */
function hasRead({ after = [] }: Firing, noun: "case" | "handoff", sequence: number): boolean {
  return after.some((cause: Cause) => cause.topic === topics[noun] && cause.sequence >= sequence);
}

/** What was owed before `until` and is not told: the ones to be reported, each once. */
export function findMissed(
  on: AuditedCase,
  line: AuditedLine,
  until: Instant,
): { readonly missed: Owed[]; readonly unsure: number } {
  owe(on, line, until);
  const over = on.owed.filter(({ due, missed }) => due < until && missed === undefined);
  const missed = over.filter(({ unsure }) => !unsure);
  for (const owed of missed) owed.missed = true;
  on.owed = on.owed.filter((owed) => !over.includes(owed) || !owed.unsure);
  return { missed, unsure: over.length - missed.length };
}

/** When the case must be looked at again, on its own timeline; undefined where nothing will be due by itself. */
export function nextLook(on: AuditedCase, line: AuditedLine): Instant | undefined {
  const dues = [
    ...on.owed.filter(({ missed }) => missed === undefined).map(({ due }) => due),
    ...on.meters.map((meter) => nextDue(meter, hoursOf(line, meter)) ?? Infinity),
  ];
  const earliest = Math.min(...dues, Infinity);
  return earliest === Infinity ? undefined : earliest;
}
