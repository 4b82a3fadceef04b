import { isUnsolved } from "../../case/status.ts";
import { type Change, type KindRules, startClock } from "../change.ts";
import type { ClockRule } from "../../line/line.ts";
import type { CaseClocks, Clock } from "../clock.ts";

/**
 * Runs while somebody else is to speak: the case is pending, or a vendor has asked before it accepts. The clock of who
 * waits rests meanwhile, so this one must run. Its breach ends the wait.
 */
export const information: KindRules = {
  ends: ({ incarnation }, { after }) =>
    isOfRequest(incarnation) ? !isAsked(after, incarnation) : after.status !== "pending",
  starts: (change, rule) => {
    const { before, after } = change;
    if (after.status === "pending" && before?.status !== "pending") return startWait(change, rule);
    // The case began to wait while a question was open, and that is over: the wait's own clock follows on.
    if (after.status === "pending" && after.waiting?.by !== undefined)
      return { ...startWait(change, rule), incarnation: `case/${after.waiting.by}` };
    const { asked } = after.handoff ?? {};
    if (asked === undefined || !isUnsolved(after.status) || after.status === "pending") return undefined;
    return startClock(change, rule, { incarnation: `handoff/${asked}`, charged: after.carrier });
  },
};

function startWait(change: Change, rule: ClockRule): Clock {
  const { waiting, carrier, holder, handoff, severity } = change.after;
  const charged = waiting?.on === "carrier" ? carrier : waiting?.on === "vendor" ? (handoff?.vendor ?? holder) : holder;
  const targetMs = waiting?.maximumMs;
  const isShorter = targetMs !== undefined && targetMs < rule.target[severity];
  return startClock(change, rule, { charged, ...(isShorter && { targetMs, ownTarget: true }) });
}

function isOfRequest(incarnation: string): boolean {
  return incarnation.startsWith("handoff/");
}

function isAsked({ handoff, status }: CaseClocks, incarnation: string): boolean {
  return isUnsolved(status) && handoff?.asked !== undefined && incarnation === `handoff/${handoff.asked}`;
}
