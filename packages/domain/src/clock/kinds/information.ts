import { isUnsolved } from "../../case/status.ts";
import type { ClockRule } from "../../line/line.ts";
import { type Change, type KindRules, startClock } from "../change.ts";
import type { CaseClocks, Clock } from "../clock.ts";

/**
 * Runs while somebody else is to speak: the case is pending, or a vendor has asked before it accepts. The clock of who
 * waits rests meanwhile, so this one must run. Its breach ends the wait.
 */
export const information: KindRules = {
  ends: ({ incarnation }, { after }) =>
    isOfRequest(incarnation) ? !isAsked(after, incarnation) : after.status !== "pending",
  starts: (change, rule) => {
    const { after } = change;
    // Also where the vendor had asked first and has its answer: a pause without a clock would have no end.
    if (after.status === "pending") return startWait(change, rule);
    if (after.handoff?.asked === undefined || !isUnsolved(after.status)) return undefined;
    return startClock(change, rule, { incarnation: `handoff/${after.handoff.asked}`, charged: after.carrier });
  },
};

function startWait(change: Change, rule: ClockRule): Clock {
  const { waiting, carrier, holder, handoff, severity, read, pendingSince = read.case } = change.after;
  const charged = waiting?.on === "carrier" ? carrier : waiting?.on === "vendor" ? (handoff?.vendor ?? holder) : holder;
  const maximumMs = waiting?.maximumMs ?? Infinity;
  const own = maximumMs < rule.target[severity] ? ({ targetMs: maximumMs, own: true } as const) : {};
  // Under another line it is another clock, so that it can fire anew; else it is named after what it waits since.
  const since = change.event.type === "case.moved" ? change.event.sequence : pendingSince;
  return startClock(change, rule, { incarnation: `case/${since}`, charged, ...own });
}

function isOfRequest(incarnation: string): boolean {
  return incarnation.startsWith("handoff/");
}

function isAsked({ handoff, status }: CaseClocks, incarnation: string): boolean {
  return isUnsolved(status) && handoff?.asked !== undefined && incarnation === `handoff/${handoff.asked}`;
}
