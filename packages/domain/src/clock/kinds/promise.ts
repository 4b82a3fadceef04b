import { parseInstant } from "@crossline/contracts";
import { isEnded } from "../../case/status.ts";
import { type KindRules, startClock } from "../change.ts";

/** One clock for each promise, named after it: until the end of its window, or evidence that it was delivered. */
export const promise: KindRules = {
  ends: ({ incarnation }, { event, after }) =>
    ((event.type === "promise.delivered" || event.type === "promise.withdrawn") &&
      event.data.promiseId === incarnation) ||
    isEnded(after.status),
  starts: (change, rule) => {
    const { event, after } = change;
    if (event.type !== "promise.made" || isEnded(after.status)) return undefined;
    const { promiseId, promisor, until } = event.data;
    const targetMs = Math.max(0, parseInstant(until) - event.time);
    return startClock(change, rule, {
      name: `promise/${promiseId}`,
      incarnation: promiseId,
      charged: promisor,
      targetMs,
    });
  },
};
