import { type DurationMs, type Instant, type Severity, formatDuration, parseDuration } from "@crossline/contracts";
import { type Calendar, addOpen, nextOpening, openBetween, subtractOpen } from "../calendar/calendar.ts";
import { acceptanceRules } from "../line/clock-rules.ts";
import type { Line, LineStep } from "../line/line.ts";
import type { CaseCrossing } from "./case-crossing.ts";
import type { ClaimedHandoff, HandoffTerms, LeasedHandoff } from "./handoff.ts";
import { openHandoffOf, withOpen } from "./waits.ts";

/**
 * When the clock `vendor.acceptance` of an offer will breach: by the step's own time, else by the shortest target of the line's
 * clocks, in the hours of the first of them. Not before `at`; undefined where the line has no such clock.
 */
export function acceptByOf(
  { acceptWithin, offeredAt, countsFrom = offeredAt }: Pick<HandoffTerms, "acceptWithin" | "offeredAt" | "countsFrom">,
  line: Line,
  severity: Severity,
  at: Instant,
): Instant | undefined {
  const shortestMs = shortestTargetMs(line, severity);
  if (shortestMs === undefined) return undefined;
  const withinMs = acceptWithin === undefined ? shortestMs : parseDuration(acceptWithin);
  return Math.max(at, addOpen(hoursOf(line), countsFrom, withinMs));
}

/**
 * For how long a step waits for acceptance. A step that waits for its opening gets the closed time on top: no vendor has to
 * answer at night, and the clock does not depend on the step's hours.
 */
export function stepWithin(step: LineStep, line: Line, severity: Severity, at: Instant): string | undefined {
  const closedMs = step.whenClosed === "wait" ? nextOpening(step.hours, at) - at : 0;
  if (closedMs <= 0) return step.acceptWithin;
  const withinMs =
    step.acceptWithin === undefined ? shortestTargetMs(line, severity) : parseDuration(step.acceptWithin);
  return withinMs === undefined ? undefined : formatDuration(closedMs + withinMs);
}

/** The shortest target of the line's clocks for acceptance; undefined where it has none. */
export function shortestTargetMs(line: Line, severity: Severity): DurationMs | undefined {
  const targets = acceptanceRules(line).map((rule) => rule.target[severity]);
  return targets.length === 0 ? undefined : Math.min(...targets);
}

/** How much of the vendor's open time is gone at an instant. */
export function timeGone({ offeredAt, countsFrom = offeredAt }: HandoffTerms, line: Line, at: Instant): DurationMs {
  return openBetween(hoursOf(line), countsFrom, at);
}

/** The hand-off after its question: the vendor's clock goes on from the time that was gone. */
export function withoutQuestion(open: LeasedHandoff, line: Line, severity: Severity, at: Instant): ClaimedHandoff {
  if (open.phase === "claimed") return open;
  const { asked: _, askedFor: __, goneMs, acceptBy: ___, ...rest } = open;
  const goingOn = { ...rest, phase: "claimed", countsFrom: subtractOpen(hoursOf(line), at, goneMs) } as const;
  const acceptBy = acceptByOf(goingOn, line, severity, at);
  return acceptBy === undefined ? goingOn : { ...goingOn, acceptBy };
}

/** Computes `acceptBy` of the open offer again, under another severity or line. While a question is open, the vendor's clock rests. */
export function recomputeAcceptBy(state: CaseCrossing, line: Line, at: Instant): CaseCrossing {
  const open = openHandoffOf(state);
  if (open === undefined || open.phase === "accepted" || open.phase === "info-requested") return state;
  const { acceptBy: _, ...rest } = open;
  const acceptBy = acceptByOf(open, line, state.material.severity, at);
  return withOpen(state, acceptBy === undefined ? rest : { ...rest, acceptBy });
}

function hoursOf(line: Line): Calendar {
  return acceptanceRules(line)[0]?.calendar ?? line.calendar;
}
