import { type DurationMs, type Instant, type Severity, formatDuration, parseDuration } from "@crossline/contracts";
import { type Calendar, addOpen, nextOpening, openBetween, subtractOpen } from "../calendar/calendar.ts";
import { acceptanceRules } from "../line/clock-rules.ts";
import type { Line, LineStep } from "../line/line.ts";
import type { CaseCrossing } from "./case-crossing.ts";
import type { ClaimedHandoff, HandoffTerms, LeasedHandoff } from "./handoff.ts";
import { openHandoffOf, waitFor, withAssignment, withOpen } from "./waits.ts";

/**
 * Returns the instant at which the clock `vendor.acceptance` of an offer breaches, not before `at`. If the line step has its
 * own time, this time applies. Otherwise, the shortest target of the line's acceptance clocks applies, in the hours of the
 * first of these clocks. The result is undefined if the line has no such clock.
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
 * Returns how long a line step waits for an acceptance. If the step waits until its hours begin, the result includes the
 * waiting time. So vendors do not have to accept at night, although the clock of the offer does not depend on the step's hours.
 */
export function stepWithin(step: LineStep, line: Line, severity: Severity, at: Instant): string | undefined {
  const closedMs = step.whenClosed === "wait" ? nextOpening(step.hours, at) - at : 0;
  if (closedMs <= 0) return step.acceptWithin;
  const withinMs =
    step.acceptWithin === undefined ? shortestTargetMs(line, severity) : parseDuration(step.acceptWithin);
  return withinMs === undefined ? undefined : formatDuration(closedMs + withinMs);
}

/** Returns the shortest target of the line's acceptance clocks; undefined if the line has no such clock. */
export function shortestTargetMs(line: Line, severity: Severity): DurationMs | undefined {
  const targets = acceptanceRules(line).map((rule) => rule.target[severity]);
  return targets.length === 0 ? undefined : Math.min(...targets);
}

/** Returns the vendor's open time that has passed from the offer until an instant. */
export function timeGone({ offeredAt, countsFrom = offeredAt }: HandoffTerms, line: Line, at: Instant): DurationMs {
  return openBetween(hoursOf(line), countsFrom, at);
}

/**
 * Returns the hand-off after the end of its information request. The vendor's clock continues with the time that had passed
 * before the request.
 */
export function withoutQuestion(open: LeasedHandoff, line: Line, severity: Severity, at: Instant): ClaimedHandoff {
  if (open.phase === "claimed") return open;
  const { asked: _, askedFor: __, goneMs, acceptBy: ___, ...rest } = open;
  const goingOn = { ...rest, phase: "claimed", countsFrom: subtractOpen(hoursOf(line), at, goneMs) } as const;
  const acceptBy = acceptByOf(goingOn, line, severity, at);
  return acceptBy === undefined ? goingOn : { ...goingOn, acceptBy };
}

/**
 * Recomputes `acceptBy` of the open offer or assignment under another severity or line. While an information request is open, the
 * function changes nothing, because the vendor's clock is paused.
 */
export function recomputeAcceptBy(state: CaseCrossing, line: Line, at: Instant): CaseCrossing {
  const assignment = waitFor(state, "pool")?.assignment;
  if (assignment?.phase === "assigned") {
    const { acceptBy: _, ...terms } = assignment;
    const due = acceptByOf({ ...terms, offeredAt: assignment.assignedAt }, line, state.material.severity, at);
    return withAssignment(state, due === undefined ? terms : { ...terms, acceptBy: due });
  }
  const open = openHandoffOf(state);
  if (open === undefined || open.phase === "accepted" || open.phase === "info-requested") return state;
  const { acceptBy: _, ...rest } = open;
  const acceptBy = acceptByOf(open, line, state.material.severity, at);
  return withOpen(state, acceptBy === undefined ? rest : { ...rest, acceptBy });
}

function hoursOf(line: Line): Calendar {
  return acceptanceRules(line)[0]?.calendar ?? line.calendar;
}
