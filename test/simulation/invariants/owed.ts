import type { ClockKind, DurationMs, Instant } from "@crossline/contracts";
import {
  type CaseClocks,
  type Clock,
  type ClockInput,
  type Line,
  calendarOf,
  dueAt,
  elapse,
  formatStart,
  isBreached,
  isEnded,
  isUnsolved,
} from "@crossline/domain";
import { lineOf } from "../lines.ts";
import type { Ledger } from "./ledger.ts";
import { must } from "./violation.ts";

const invariant = "an obligation is owed again";

/** Returns whether a clock kind pauses in a status. */
export function pausesIn(kind: ClockKind, status: CaseClocks["status"]): boolean {
  switch (kind) {
    case "resolution":
    case "need-by":
    case "joint":
      return !isUnsolved(status);
    case "first-response":
    case "next-update":
    case "promise":
      return isEnded(status);
    default:
      return false;
  }
}

/** Checks that every unmet obligation is owed again after a reopening. `ledger` is the state of the case before the reopening. */
export function checkReopened(ledger: Ledger, before: CaseClocks, event: ClockInput, after: CaseClocks): void {
  const line = lineOf(before.line);
  const { clocks } = elapse(before, line, event.time, event.time).state;
  for (const [name, kind] of obligationsOf(ledger, line)) {
    const [was, is] = [clocks, after.clocks].map((all) => all.find((clock) => clock.name === name));
    const says = `${name} of ${before.caseId}, ${ledger.status} and reopened by event ${event.sequence},`;
    must(invariant, was !== undefined, () => `${says} had no clock before`);
    must(invariant, is !== undefined, () => `${says} is no longer owed`);
    if (pausesIn(kind, ledger.status)) checkNewIncarnation(says, [was!, is!], event, line);
    else {
      const isSame = formatStart(is!.start) === formatStart(was!.start) && is!.fired.length === was!.fired.length;
      must(invariant, isSame, () => `${says} did not pause and has a new incarnation ${formatStart(is!.start)}`);
    }
  }
}

/** Checks that every obligation of the ledger has a clock after a sent message failed. `ledger` is the state after the failure. */
export function checkFailed(ledger: Ledger, event: ClockInput, after: CaseClocks): void {
  for (const [name] of obligationsOf(ledger, lineOf(after.line))) {
    const isOwed = after.clocks.some((clock) => clock.name === name);
    must(invariant, isOwed, () => `${name} of ${after.caseId} is not owed after the failed message ${event.sequence}`);
  }
}

function checkNewIncarnation(says: string, [was, is]: readonly [Clock, Clock], event: ClockInput, line: Line): void {
  const start = formatStart(is.start);
  must(invariant, start === `case/${event.sequence}`, () => `${says} was paused and has the incarnation ${start}`);
  must(invariant, is.targetMs === was.targetMs, () => `${says} has another target`);
  const warnings = isBreached(was) ? was.fired.slice(0, -1) : was.fired;
  const hasSameWarnings =
    is.fired.length === warnings.length && is.fired.every((one, index) => one === warnings[index]);
  must(invariant, hasSameWarnings, () => `${says} has ${is.fired.length} of ${warnings.length} fired warnings`);
  const due = dueAt(is, calendarOf(line, is)) ?? Infinity;
  must(invariant, due >= event.time, () => `${says} is due ${event.time - due} ms before the reopening`);
  must(
    invariant,
    due === event.time || leftMs(was, event.time) > 0,
    () => `${says} was overdue and is not due at once`,
  );
}

/**
 * Returns the remaining time of a clock. The clocks `need-by` and `promise` are due at an instant, so their remaining time is the time
 * until that instant. The result is negative if the target had passed before `at`.
 */
function leftMs({ kind, counted, startedAt, targetMs }: Clock, at: Instant): DurationMs {
  const intervals = kind === "need-by" || kind === "promise" ? [{ from: startedAt, to: at }] : counted;
  return intervals.reduce((left, { from, to = at }) => left - (Math.min(to, at) - from), targetMs);
}

/** Returns the obligations of a case for which its line has a clock. The key is the name of the clock. */
function obligationsOf(ledger: Ledger, { clocks, needBy }: Line): Map<string, ClockKind> {
  const owed = new Map<string, ClockKind>();
  const isOwed: Partial<Record<ClockKind, boolean>> = {
    "first-response": ledger.firstResponse,
    "next-update": ledger.nextUpdate,
    resolution: ledger.resolution,
    "need-by": ledger.needBy && needBy !== undefined,
    reply: ledger.reply,
  };
  for (const { name, kind } of clocks) {
    if (isOwed[kind] === true) owed.set(name, kind);
    if (kind === "promise") for (const id of ledger.promises) owed.set(`promise/${id}`, kind);
  }
  return owed;
}
