import { isAnswer, isCustomersContact, isInquiry } from "../../case/act.ts";
import { isEnded } from "../../case/status.ts";
import { type KindRules, isMergedAway, startClock } from "../change.ts";

/**
 * Runs from a customer's contact on a resolved or ended case until a person answers. A reply is the only obligation that
 * continues after the end of a case. At each breach, routing pages the next roster and the timer starts the next incarnation.
 */
export const reply: KindRules = {
  ends: (_, { event }) => isAnswer(event) || isMergedAway(event),
  starts: (change, rule) => {
    const { event, after } = change;
    const isOwed = after.status === "resolved" ? isInquiry(event) : isEnded(after.status) && isCustomersContact(event);
    return isOwed ? startClock(change, rule, { charged: after.carrier }) : undefined;
  },
  recurs: true,
  hours: "line",
  target: "line",
  implied: { target: "P1D" },
  pausedWhile: "never",
  whenMovedBreached: "restart",
  merge: "owed",
  breach: { does: "page", reason: "reply" },
};
