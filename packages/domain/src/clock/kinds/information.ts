import { isUnsolved } from "../../case/status.ts";
import type { ClockRule } from "../../line/line.ts";
import { type ClockChange, type KindRules, startClock } from "../change.ts";
import type { CaseClocks, Clock } from "../clock.ts";
import { isOfIncident } from "../member.ts";

/**
 * Runs while the case is pending, while an information request of a vendor is open, or while the case is a member of an incident. The
 * pause, request or membership also pauses the clock of the party that waits, so the clock `information` must run. The breach ends the
 * pause, the request or the membership.
 */
export const information: KindRules = {
  ends: ({ start }, { before, after }) => {
    if (start.by === "handoff") return !isAsked(after, start.sequence);
    return isOfIncident(start, before) ? !isOfIncident(start, after) : after.status !== "pending";
  },
  // If another company takes the lead case, this company must respond from then on. The time that has passed stays counted.
  keeps: (clock, { after }) =>
    after.member !== undefined && isOfIncident(clock.start, after) ? { ...clock, charged: after.member.holder } : clock,
  starts: (change, rule) => {
    const { after } = change;
    // The clock also starts if the vendor requested information before the pause and now has the reply. A pause without a clock
    // would never end.
    if (after.status === "pending") return startWait(change, rule);
    if (!isUnsolved(after.status)) return undefined;
    if (after.handoff?.asked !== undefined) {
      const start = { by: "handoff", sequence: after.handoff.asked } as const;
      return startClock(change, rule, { start, charged: after.carrier });
    }
    if (after.member === undefined) return undefined;
    const { holder: charged, starts } = after.member;
    return startClock(change, rule, { start: { by: "case", sequence: starts.at(-1) ?? after.read.case }, charged });
  },
  hours: "line",
  target: "line",
  implied: { target: "P1D" },
  pausedWhile: "never",
  merge: "leave",
  breach: { does: "end-wait" },
};

function startWait(change: ClockChange, rule: ClockRule): Clock {
  const { waiting, carrier, holder, handoff, severity, read, pendingSince = read.case } = change.after;
  const charged = waiting?.on === "carrier" ? carrier : waiting?.on === "vendor" ? (handoff?.vendor ?? holder) : holder;
  const maximumMs = waiting?.maximumMs ?? Infinity;
  const own = maximumMs < rule.target[severity] ? ({ targetMs: maximumMs, own: true } as const) : {};
  // A move to another line starts a new incarnation, so that the clock can fire again. Without a move, the clock's start is the
  // event that made the case pending.
  const sequence = change.event.type === "case.moved" ? change.event.sequence : pendingSince;
  return startClock(change, rule, { start: { by: "case", sequence }, charged, ...own });
}

function isAsked({ handoff, status }: CaseClocks, request: number): boolean {
  return isUnsolved(status) && handoff?.asked === request;
}
