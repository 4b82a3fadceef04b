import { isEnded } from "../../case/status.ts";
import { type KindRules, startClock } from "../change.ts";
import { isAnswer } from "../person.ts";

/** Runs from a customer's contact that is newer than the last answer. Until the first answer `first-response` outranks it. */
export const nextUpdate: KindRules = {
  ends: (_, { event, after }) => isAnswer(event) || isEnded(after.status),
  starts: (change, rule) => {
    const { event, after } = change;
    if (event.type !== "case.contacted" || event.data.direction !== "inbound") return undefined;
    if (after.answered !== true || isEnded(after.status)) return undefined;
    return startClock(change, rule, { charged: after.carrier });
  },
};
