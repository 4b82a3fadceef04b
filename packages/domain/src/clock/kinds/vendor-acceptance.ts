import { parseDuration } from "@crossline/contracts";
import { isUnsolved } from "../../case/status.ts";
import { type KindRules, startClock } from "../change.ts";

/** Runs while an offer waits for the vendor's word. A claim stops nothing. */
export const vendorAcceptance: KindRules = {
  ends: (clock, { event, after }) => {
    if (!isUnsolved(after.status)) return true;
    switch (event.type) {
      case "handoff.accepted":
      case "handoff.rejected":
      case "handoff.lapsed":
      case "handoff.withdrawn":
        return event.data.handoffId === clock.incarnation;
      default:
        return false;
    }
  },
  starts: (change, rule) => {
    const { event, after } = change;
    if (event.type !== "handoff.offered" || !isUnsolved(after.status)) return undefined;
    const { handoffId, vendor, acceptWithin } = event.data;
    const targetMs = acceptWithin === undefined ? rule.target[after.severity] : parseDuration(acceptWithin);
    return startClock(change, rule, { incarnation: handoffId, charged: vendor, targetMs });
  },
};
