import { type Instant, parseInstant } from "@crossline/contracts";
import type { Arrival } from "./arrival.ts";
import type { AuditedCase } from "./audited-case.ts";
import { type CaseState, type Owed, blur } from "./case-state.ts";
import type { Firing, Verdict } from "./verdict.ts";
import { oweNext } from "./follow.ts";
import type { AuditedLine } from "./audited-line.ts";
import { type Meter, isUnnumbered, unnumbered } from "./meter.ts";
import { advance, dueOf, indexIn, isUnsure, strikeUnsure, strikeWrong } from "./unexpected.ts";
import { type ThresholdName, isAmong } from "./threshold-name.ts";

/** Strikes a firing off what is expected: what is owed, a clock that runs, or one of which the order is not known. */
export function strike(on: AuditedCase, firing: Firing, arrival: Arrival, line: AuditedLine): Verdict {
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
  // From a breach on that came when it had to, both know again what goes on from it.
  if (meter.next === 0) delete meter.unsure;
  return asReported(on, firing.data, firing);
}
