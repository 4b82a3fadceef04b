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

const invariant = "what was owed is owed again";

/** Whether an obligation of a kind rests in a status. */
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

/** What was owed before the case was reopened, and had not been met, is owed again. `ledger`: before the reopening. */
export function checkReopened(ledger: Ledger, before: CaseClocks, event: ClockInput, after: CaseClocks): void {
  const line = lineOf(before.line);
  const { clocks } = elapse(before, line, event.time, event.time).state;
  for (const [name, kind] of obligationsOf(ledger, line)) {
    const [was, is] = [clocks, after.clocks].map((all) => all.find((clock) => clock.name === name));
    const says = `${name} of ${before.caseId}, ${ledger.status} and reopened by fact ${event.sequence},`;
    must(invariant, was !== undefined, () => `${says} had been dropped before`);
    must(invariant, is !== undefined, () => `${says} is owed no more`);
    if (pausesIn(kind, ledger.status)) checkNewIncarnation(says, [was!, is!], event, line);
    else {
      const isSame = formatStart(is!.start) === formatStart(was!.start) && is!.fired.length === was!.fired.length;
      must(invariant, isSame, () => `${says} ran on and is another clock now, ${formatStart(is!.start)}`);
    }
  }
}

function checkNewIncarnation(says: string, [was, is]: readonly [Clock, Clock], event: ClockInput, line: Line): void {
  const start = formatStart(is.start);
  must(invariant, start === `case/${event.sequence}`, () => `${says} had rested and goes on as ${start}`);
  must(invariant, is.targetMs === was.targetMs, () => `${says} has another target`);
  const warnings = isBreached(was) ? was.fired.slice(0, -1) : was.fired;
  const isKept = is.fired.length === warnings.length && is.fired.every((one, index) => one === warnings[index]);
  must(invariant, isKept, () => `${says} has ${is.fired.length} of ${warnings.length} warnings that had fired`);
  const due = dueAt(is, calendarOf(line, is)) ?? Infinity;
  must(invariant, due >= event.time, () => `${says} is due ${event.time - due} ms before the reopening`);
  must(
    invariant,
    due === event.time || leftMs(was, event.time) > 0,
    () => `${says} was overdue and is not due at once`,
  );
}

/** What is left of a clock's target; of a deadline that is an instant, until then. A breach may have been overtaken by the rest. */
function leftMs({ kind, counted, startedAt, targetMs }: Clock, at: Instant): DurationMs {
  const until = kind === "need-by" || kind === "promise" ? [{ from: startedAt, to: at }] : counted;
  return until.reduce((left, { from, to = at }) => left - (Math.min(to, at) - from), targetMs);
}

/** What the case owes of what its line measures, by the names of the clocks. */
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
