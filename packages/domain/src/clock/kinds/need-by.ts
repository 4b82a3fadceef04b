import { isUnsolved } from "../../case/status.ts";
import { planNeedBy } from "../../line/need-by.ts";
import { type KindRules, startClock } from "../change.ts";

/** Runs until the latest safe crossing for the customer's own deadline; where that is over already it is due at once. */
export const needBy: KindRules = {
  ends: (_, { event, after }) => !isUnsolved(after.status) || event.type === "promise.delivered",
  starts: (change, rule) => {
    const { event, after, line } = change;
    const begins = event.type === "case.opened" || event.type === "case.moved";
    if (!begins || after.needBy === undefined || line.needBy === undefined || !isUnsolved(after.status))
      return undefined;
    const { latestSafeCrossing } = planNeedBy(line.needBy, after.needBy, event.time);
    const targetMs = Math.max(0, latestSafeCrossing - event.time);
    return startClock(change, rule, { charged: after.carrier, targetMs });
  },
};
