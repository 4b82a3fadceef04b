import { isUnsolved } from "../../case/status.ts";
import type { ClockRule } from "../../line/line.ts";
import { type ClockChange, type KindRules, startClock } from "../change.ts";
import type { CaseClocks, Clock } from "../clock.ts";

/**
 * Runs while another side is to speak: the case is pending, or a vendor has asked before it accepts. The clock of the side that
 * waits rests meanwhile, so this one must run. Its breach ends the wait.
 */
export const information: KindRules = {
  ends: ({ start }, { after }) =>
    start.by === "handoff" ? !isAsked(after, start.sequence) : after.status !== "pending",
  starts: (change, rule) => {
    const { after } = change;
    // Also where the vendor had asked first and has its answer: a pause without a clock would have no end.
    if (after.status === "pending") return startWait(change, rule);
    if (after.handoff?.asked === undefined || !isUnsolved(after.status)) return undefined;
    return startClock(change, rule, {
      start: { by: "handoff", sequence: after.handoff.asked },
      charged: after.carrier,
    });
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
  // Under another line it is another clock, so that it can fire again; else it is named after what it waits since.
  const sequence = change.event.type === "case.moved" ? change.event.sequence : pendingSince;
  return startClock(change, rule, { start: { by: "case", sequence }, charged, ...own });
}

function isAsked({ handoff, status }: CaseClocks, request: number): boolean {
  return isUnsolved(status) && handoff?.asked === request;
}
