import { parseDuration } from "@crossline/contracts";
import { isUnsolved } from "../../case/status.ts";
import { type KindRules, startClock } from "../change.ts";

/**
 * Runs from one call of the last resort to the next, until a person takes the case. Each call of the last resort starts a new
 * incarnation.
 */
export const lastResort: KindRules = {
  ends: (_, { event, after }) =>
    !isUnsolved(after.status) || event.type === "handoff.taken" || event.type === "last-resort.called",
  starts: (change, rule) => {
    const { event, after } = change;
    if (event.type !== "last-resort.called" || !isUnsolved(after.status)) return undefined;
    return startClock(change, rule, { charged: after.carrier, targetMs: parseDuration(event.data.next) });
  },
  hours: "always",
  target: "own",
  isNeverNamed: true,
  pausedWhile: "never",
  outlivesLine: true,
  merge: "leave",
  breach: { does: "call-again" },
};
