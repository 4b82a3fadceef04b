import type { Instant } from "@crossline/contracts";
import type { AuditedCase } from "./audited-case.ts";
import { type CaseState, type ExpectedFiring, copyOf } from "./case-state.ts";
import { type LineOf, addOwed } from "./apply-event.ts";
import { hoursOf } from "./audited-line.ts";
import { nextDue } from "./audited-clock.ts";
import { ordersOf } from "./orders.ts";
import type { TailRecord } from "./audited-case.ts";
import { applyTo } from "./tail.ts";
import { type ThresholdName, isAmong } from "./threshold-name.ts";

const namesMax = 100;

/** Applies `records` to a copy of the ordered state, and adds the expected firings that were due before `until`. */
function applyRecords(audited: AuditedCase, records: readonly TailRecord[], lineOf: LineOf, until: Instant): CaseState {
  const state = copyOf(audited.ordered);
  for (const record of records) applyTo(audited, state, record, lineOf);
  addOwed(state, lineOf(state.line), until);
  return state;
}

/**
 * Returns whether the judge has reported the firing as missed or could not decide. An undecided firing counts as unreported if a
 * later clock event shows that the firing is expected.
 */
function isReported({ reported, undecided, ordered }: AuditedCase, owed: ExpectedFiring): boolean {
  return isAmong(reported, owed) || (isAmong(undecided, owed) && !ordered.owed.some((one) => isAmong([one], owed)));
}

/**
 * Returns each missed firing once. A missed firing was due before `until`, but the timer has not published it. A firing is missed only
 * if it is expected in every order in which the timer can have applied the tail. `unsure` is the number of firings that are expected
 * only in some orders.
 */
export function findMissed(
  audited: AuditedCase,
  lineOf: LineOf,
  until: Instant,
): { readonly missed: readonly ExpectedFiring[]; readonly unsure: number } {
  const asRead = applyRecords(audited, audited.tail, lineOf, until);
  const open = asRead.owed.filter((owed) => owed.due < until && !isReported(audited, owed));
  audited.judgedUntil = Math.max(until, audited.judgedUntil ?? until);
  if (open.length === 0) return { missed: [], unsure: 0 };
  const orders = audited.isTorn === true ? undefined : ordersOf(audited.tail, audited.ordered.applied);
  const plays = orders?.map((order) => applyRecords(audited, order, lineOf, until).owed) ?? [audited.ordered.owed];
  const missed = open.filter((owed) => !owed.unsure && plays.every((other) => isAmong(other, owed)));
  const left = open.filter((owed) => !missed.includes(owed));
  audited.reported = [...audited.reported, ...missed.map(nameOf)].slice(-namesMax);
  audited.undecided = [...audited.undecided, ...left.map(nameOf)].slice(-namesMax);
  audited.ordered.owed = audited.ordered.owed.filter((owed) => !owed.unsure || !isAmong(left, owed));
  return { missed, unsure: left.length };
}

function nameOf({ clock, incarnation, threshold }: ThresholdName): ThresholdName {
  return { clock, incarnation, threshold };
}

/**
 * Returns the instant on the case's timeline at which the judge must check the case next, or undefined if no clock has a deadline.
 */
export function nextJudgingAt(audited: AuditedCase, lineOf: LineOf): Instant | undefined {
  const { judgedUntil = -Infinity, tail, ordered } = audited;
  // A missed firing is expected in every order, so the function applies the tail only in the read order.
  const isAhead = tail.length > 0 || earliestOf(ordered, lineOf) < judgedUntil;
  const state = isAhead ? applyRecords(audited, tail, lineOf, judgedUntil) : ordered;
  const owed = state.owed.filter((one) => !isReported(audited, one)).map(({ due }) => due);
  const earliest = Math.min(...owed, earliestOf(state, lineOf));
  return earliest === Infinity ? undefined : earliest;
}

function earliestOf({ meters, line }: CaseState, lineOf: LineOf): Instant {
  const auditedLine = lineOf(line);
  return Math.min(Infinity, ...meters.map((clock) => nextDue(clock, hoursOf(auditedLine, clock)) ?? Infinity));
}
