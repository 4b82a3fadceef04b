import { isAnswer, isCustomersContact } from "../../case/act.ts";
import { isEnded, isUnsolved } from "../../case/status.ts";
import { type KindRules, isFinalEnd, startClock } from "../change.ts";

/**
 * Runs from the customer's first contact after an answer until the next answer. Before the first answer, only `first-response`
 * runs.
 */
export const nextUpdate: KindRules = {
  ends: (_, change) => isAnswer(change.event) || isFinalEnd(change),
  pausesIn: isEnded,
  starts: (change, rule) => {
    const { event, after } = change;
    if (!isCustomersContact(event) || after.answered !== true || !isUnsolved(after.status)) return undefined;
    return startClock(change, rule, { charged: after.carrier });
  },
  hours: "line",
  target: "line",
  pausedWhile: [],
  merge: "owed",
  breach: { does: "publish" },
};
