import { type KindRules, startClock } from "../change.ts";

/** Runs from the resolution until the customer has confirmed it or the case is reopened. Its breach closes the case. */
export const confirmation: KindRules = {
  ends: (_, { event, after }) => after.status !== "resolved" || event.type === "case.confirmed",
  starts: (change, rule) => {
    const { event, after } = change;
    const begins = event.type === "case.resolved" || (event.type === "case.moved" && after.status === "resolved");
    return begins ? startClock(change, rule, { charged: after.carrier }) : undefined;
  },
};
