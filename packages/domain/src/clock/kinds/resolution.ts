import { isUnsolved } from "../../case/status.ts";
import { type KindRules, isFinalEnd, startClock } from "../change.ts";

/** Runs until the cure is confirmed; it rests while the case is solved, and goes on where the case is reopened. */
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
  breach: { does: "tell" },
};
