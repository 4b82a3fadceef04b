import type { Instant } from "@crossline/contracts";
import type { AuditedCase } from "./audited-case.ts";
import { type CaseState, type Owed, copyOf } from "./case-state.ts";
import { type LineOf, owe } from "./follow.ts";
import { hoursOf } from "./audited-line.ts";
import { nextDue } from "./meter.ts";
import { ordersOf } from "./orders.ts";
import type { TailRecord } from "./audited-case.ts";
import { applyTo } from "./tail.ts";
import { type ThresholdName, isAmong } from "./threshold-name.ts";

const namesMax = 100;

/** The case with these records applied in this order, and what was due before `until` owed. */
function play(on: AuditedCase, records: readonly TailRecord[], lineOf: LineOf, until: Instant): CaseState {
  const state = copyOf(on.ordered);
  for (const record of records) applyTo(on, state, record, lineOf);
  owe(state, lineOf(state.line), until);
  return state;
}

/** Reported, or found to be undecidable; what has been decided since by a clock fact is open again. */
function isSettled({ reported, undecided, ordered }: AuditedCase, owed: Owed): boolean {
  return isAmong(reported, owed) || (isAmong(undecided, owed) && !ordered.owed.some((one) => isAmong([one], owed)));
}

/**
 * What was owed before `until` and is not told: the ones to be reported, each once, and how many cannot be decided. Missed is only
 * what every order of the records owes that the timer may have applied since its last clock fact.
 */
export function findMissed(
  on: AuditedCase,
  lineOf: LineOf,
  until: Instant,
): { readonly missed: readonly Owed[]; readonly unsure: number } {
  const asRead = play(on, on.tail, lineOf, until);
  const open = asRead.owed.filter((owed) => owed.due < until && !isSettled(on, owed));
  on.judgedUntil = Math.max(until, on.judgedUntil ?? until);
  if (open.length === 0) return { missed: [], unsure: 0 };
  const orders = on.isTorn === true ? undefined : ordersOf(on.tail, on.ordered.applied);
  const plays = orders?.map((order) => play(on, order, lineOf, until).owed) ?? [on.ordered.owed];
  const missed = open.filter((owed) => !owed.unsure && plays.every((other) => isAmong(other, owed)));
  const left = open.filter((owed) => !missed.includes(owed));
  on.reported = [...on.reported, ...missed.map(nameOf)].slice(-namesMax);
  on.undecided = [...on.undecided, ...left.map(nameOf)].slice(-namesMax);
  on.ordered.owed = on.ordered.owed.filter((owed) => !owed.unsure || !isAmong(left, owed));
  return { missed, unsure: left.length };
}

function nameOf({ clock, incarnation, threshold }: ThresholdName): ThresholdName {
  return { clock, incarnation, threshold };
}

/** When the case must be judged again, on its own timeline; undefined where nothing will be due by itself. */
export function nextLook(on: AuditedCase, lineOf: LineOf): Instant | undefined {
  const { judgedUntil = -Infinity, tail, ordered } = on;
  // What one of the orders does not owe is not missed: that of reading will do.
  const isAhead = tail.length > 0 || earliestOf(ordered, lineOf) < judgedUntil;
  const state = isAhead ? play(on, tail, lineOf, judgedUntil) : ordered;
  const owed = state.owed.filter((one) => !isSettled(on, one)).map(({ due }) => due);
  const earliest = Math.min(...owed, earliestOf(state, lineOf));
  return earliest === Infinity ? undefined : earliest;
}

function earliestOf({ meters, line }: CaseState, lineOf: LineOf): Instant {
  const known = lineOf(line);
  return Math.min(Infinity, ...meters.map((meter) => nextDue(meter, hoursOf(known, meter)) ?? Infinity));
}
