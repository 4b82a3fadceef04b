import { parseInstant } from "@crossline/contracts";
import { isEnded } from "../../case/status.ts";
import { type KindRules, isFinalEnd, startClock } from "../change.ts";

/**
 * Each promise has its own clock, whose name contains the id of the promise. The clock runs until the end of the window, the
 * delivery or the withdrawal.
 */
export const promise: KindRules = {
  ends: ({ name }, change) => {
    const { event } = change;
    const isOver = event.type === "promise.delivered" || event.type === "promise.withdrawn";
    return (isOver && name === nameOf(event.data.promiseId)) || isFinalEnd(change);
  },
  pausesIn: isEnded,
  isInstant: true,
  starts: (change, rule) => {
    const { event, after } = change;
    if (event.type !== "promise.made" || isEnded(after.status)) return undefined;
    const { promiseId: id, promisor, until } = event.data;
    const targetMs = Math.max(0, parseInstant(until) - event.time);
    return startClock(change, rule, { name: nameOf(id), start: { by: "promise", id }, charged: promisor, targetMs });
  },
  hours: "always",
  target: "own",
  implied: { target: "P1D" },
  pausedWhile: "never",
  outlivesLine: true,
  merge: "leave",
  breach: { does: "page", reason: "promise" },
};

function nameOf(promiseId: string): string {
  return `promise/${promiseId}`;
}
