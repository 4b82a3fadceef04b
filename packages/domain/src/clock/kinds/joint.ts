import { isUnsolved } from "../../case/status.ts";
import { type KindRules, isFinalEnd, startClock } from "../change.ts";

/** Runs from the event `joint.declared` until the companies of the joint case have met. */
export const joint: KindRules = {
  ends: (_, change) => change.event.type === "joint.session-held" || isFinalEnd(change),
  pausesIn: (status) => !isUnsolved(status),
  starts: (change, rule) => {
    const { event } = change;
    if (event.type !== "joint.declared" || isFinalEnd(change)) return undefined;
    return startClock(change, rule, { charged: event.data.accountable });
  },
  hours: "line",
  target: "line",
  implied: { target: "PT2H" },
  pausedWhile: [],
  merge: "leave",
  breach: { does: "page", reason: "joint" },
};
