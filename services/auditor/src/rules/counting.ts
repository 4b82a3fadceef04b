import type { CaseStatus, Instant } from "@crossline/contracts";
import { type CaseChange, isEnded, isSolved, isPausedFor } from "./case-change.ts";
import type { KindRules } from "./kind-rules.ts";
import { type AuditedLine, hoursOf } from "./audited-line.ts";
import { type AuditedClock, pauseCounting, resumeCounting } from "./audited-clock.ts";
import type { Obligation } from "./obligation.ts";

/** Returns whether the status of the case pauses a clock of this kind. */
export function pausesIn({ pausesWhile }: KindRules, status: CaseStatus): boolean {
  return (pausesWhile === "solved" && isSolved(status)) || (pausesWhile === "ended" && isEnded(status));
}

/**
 * Returns whether a clock counts after an event, or the instant until which the clock counts. The line and the rules of the
 * clock's kind can pause the clock.
 */
export function counts(
  change: CaseChange,
  clock: AuditedClock,
  { pausedWhile }: Obligation,
  rule: KindRules,
): Instant | boolean {
  if (pausesIn(rule, change.after.status) || pausedWhile.some((pause) => isPausedFor(change.after, pause)))
    return false;
  return rule.counts?.(change, clock) ?? true;
}

/** Makes the clock count from `at` to `until`, or without an end if `until` is true. Pauses the clock at `at` if `until` is false. */
export function setCounting(until: Instant | boolean, clock: AuditedClock, at: Instant, line: AuditedLine): void {
  const calendar = hoursOf(line, clock);
  if (until === false) pauseCounting(clock, at, calendar);
  else resumeCounting(clock, at, until === true ? undefined : until, calendar);
}
