import type { CaseStatus, Instant } from "@crossline/contracts";
import { type Turn, isEnded, isSolved, isWhile } from "./turn.ts";
import type { Rules } from "./kind.ts";
import { type AuditedLine, hoursOf } from "./audited-line.ts";
import { type Meter, closeTap, openTap } from "./meter.ts";
import type { Obligation } from "./obligation.ts";

/** Whether what is owed to the customer rests for the state that the case is in. */
export function restsIn({ restsWhile }: Rules, status: CaseStatus): boolean {
  return (restsWhile === "solved" && isSolved(status)) || (restsWhile === "ended" && isEnded(status));
}

/** Whether a clock counts after a happening: what its line makes it rest for comes on top of its kind's rule. */
export function counts(turn: Turn, meter: Meter, { pausedWhile }: Obligation, rule: Rules): Instant | boolean {
  if (restsIn(rule, turn.after.status) || pausedWhile.some((pause) => isWhile(turn.after, pause))) return false;
  return rule.counts?.(turn, meter) ?? true;
}

export function count(until: Instant | boolean, meter: Meter, at: Instant, line: AuditedLine): void {
  const calendar = hoursOf(line, meter);
  if (until === false) closeTap(meter, at, calendar);
  else openTap(meter, at, until === true ? undefined : until, calendar);
}
