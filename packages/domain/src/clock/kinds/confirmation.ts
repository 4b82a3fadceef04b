import { type KindRules, startClock } from "../change.ts";

/** Runs from the resolution until the customer has confirmed it or the case is reopened. Its breach closes the case. */
export const confirmation: KindRules = {
  ends: (_, { event, after }) => after.status !== "resolved" || event.type === "case.confirmed",
  starts: (change, rule) =>
    change.event.type === "case.resolved" ? startClock(change, rule, { charged: change.after.carrier }) : undefined,
};
