import { isEnded, isUnsolved } from "../../case/status.ts";
import { type KindRules, startClock } from "../change.ts";
import { count, stopCounting } from "../clock.ts";

/** Runs until the cure is confirmed; it rests while the customer has yet to confirm it, and goes on where he does not. */
export const resolution: KindRules = {
  ends: (_, { event, after }) => event.type === "case.confirmed" || isEnded(after.status),
  keeps: (clock, { event, after }) =>
    after.status === "resolved" ? stopCounting(clock, event.time) : count(clock, event.time),
  starts: (change, rule) => {
    const { event, after } = change;
    const begins = event.type === "case.opened" || event.type === "case.reopened" || event.type === "case.moved";
    return begins && isUnsolved(after.status) ? startClock(change, rule, { charged: after.carrier }) : undefined;
  },
};
