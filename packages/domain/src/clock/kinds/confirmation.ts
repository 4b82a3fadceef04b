import { isAnswer, isInquiry } from "../../case/act.ts";
import { type KindRules, startClock } from "../change.ts";

/**
 * Runs from the resolution until the customer confirms the fix or the case is reopened. An inquiry of the customer ends the
 * clock, and the answer to the inquiry starts it again. The breach closes the case.
 */
export const confirmation: KindRules = {
  ends: (_, { event, after }) =>
    after.status !== "resolved" ||
    after.unanswered === true ||
    event.type === "case.confirmed" ||
    isInquiry(event) ||
    isAnswer(event),
  starts: (change, rule) => {
    const { event, after } = change;
    const begins =
      event.type === "case.resolved" || isAnswer(event) || (event.type === "case.moved" && after.unanswered !== true);
    return begins && after.status === "resolved" ? startClock(change, rule, { charged: after.carrier }) : undefined;
  },
  hours: "line",
  target: "line",
  implied: { target: "P3D" },
  pausedWhile: "never",
  merge: "leave",
  breach: { does: "close" },
};
