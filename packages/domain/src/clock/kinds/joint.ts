import { isUnsolved } from "../../case/status.ts";
import { type KindRules, startClock } from "../change.ts";

/** Runs from the moment a case becomes joint until both companies have met over it. */
export const joint: KindRules = {
  ends: (_, { event, after }) => event.type === "joint.session-held" || !isUnsolved(after.status),
  starts: (change, rule) =>
    change.event.type === "joint.declared" && isUnsolved(change.after.status)
      ? startClock(change, rule, { charged: change.event.data.accountable })
      : undefined,
};
