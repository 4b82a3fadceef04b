import { type DurationMs, type Instant, type Severity, parseDuration } from "@crossline/contracts";
import { type Calendar, addOpen, openBetween, subtractOpen } from "../calendar/calendar.ts";
import { acceptanceRules } from "../line/clock-rules.ts";
import type { Line } from "../line/line.ts";
import type { CaseCrossing } from "./case-crossing.ts";
import type { ClaimedHandoff, HandoffTerms, LeasedHandoff } from "./handoff.ts";
import { openOf, withOpen } from "./waits.ts";

/**
 * When the clock `vendor.acceptance` of an offer will breach, so that the desk can be told: by the step's own word, else by the
 * shortest target of the line's clocks, in the hours of the first of them. Not before `at`; undefined where the line has none.
 */
export function acceptByOf(
  { acceptWithin, offeredAt, countsFrom = offeredAt }: Pick<HandoffTerms, "acceptWithin" | "offeredAt" | "countsFrom">,
  line: Line,
  severity: Severity,
  at: Instant,
): Instant | undefined {
  const targets = acceptanceRules(line).map((rule) =>
    acceptWithin === undefined ? rule.target[severity] : parseDuration(acceptWithin),
  );
  if (targets.length === 0) return undefined;
  return Math.max(at, addOpen(hoursOf(line), countsFrom, Math.min(...targets)));
}

/** The vendor has asked: its clock rests. So much of its time is gone. */
export function timeGone({ offeredAt, countsFrom = offeredAt }: HandoffTerms, line: Line, at: Instant): DurationMs {
  return openBetween(hoursOf(line), countsFrom, at);
}

/** The question is over, and the vendor's clock goes on: what is gone of its time stays gone. */
export function withoutQuestion(open: LeasedHandoff, line: Line, severity: Severity, at: Instant): ClaimedHandoff {
  if (open.phase === "claimed") return open;
  const { asked: _, askedFor: __, goneMs, acceptBy: ___, ...rest } = open;
  const goingOn = { ...rest, phase: "claimed", countsFrom: subtractOpen(hoursOf(line), at, goneMs) } as const;
  const acceptBy = acceptByOf(goingOn, line, severity, at);
  return acceptBy === undefined ? goingOn : { ...goingOn, acceptBy };
}

/** The offer that is open, under another severity or line; while the vendor waits for an answer its time stands still. */
export function acceptAnew(state: CaseCrossing, line: Line, at: Instant): CaseCrossing {
  const open = openOf(state);
  if (open === undefined || open.phase === "accepted" || open.phase === "info-requested") return state;
  const { acceptBy: _, ...rest } = open;
  const acceptBy = acceptByOf(open, line, state.material.severity, at);
  return withOpen(state, acceptBy === undefined ? rest : { ...rest, acceptBy });
}

function hoursOf(line: Line): Calendar {
  return acceptanceRules(line)[0]?.calendar ?? line.calendar;
}
