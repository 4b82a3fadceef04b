import { isUnsolved } from "../../case/status.ts";
import { type KindRules, isFinalEnd, startClock } from "../change.ts";

/** Runs until the fix is confirmed. The clock is paused while the case is resolved, and resumes at a reopening. */
export const resolution: KindRules = {
  ends: (_, change) => change.event.type === "case.confirmed" || isFinalEnd(change),
  pausesIn: (status) => !isUnsolved(status),
  starts: (change, rule) => {
    const { event, after } = change;
    const begins = event.type === "case.opened" || event.type === "case.reopened" || event.type === "case.moved";
    return begins && isUnsolved(after.status) ? startClock(change, rule, { charged: after.carrier }) : undefined;
  },
  hours: "line",
  target: "line",
  pausedWhile: ["customer"],
  merge: "owed",
  breach: { does: "publish" },
};
