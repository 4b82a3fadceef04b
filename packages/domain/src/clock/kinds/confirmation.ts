import { isAnswer, isInquiry } from "../../case/act.ts";
import { type ClockChange, type KindRules, startClock } from "../change.ts";
import type { Clock } from "../clock.ts";
import { formatStart } from "../start.ts";

/** Returns true if the event is the failure of the message whose answer started a clock of this start. */
function isFailureOf(start: Clock["start"], { event, before }: ClockChange): boolean {
  if (event.type !== "message.failed") return false;
  const answer = before?.answers?.find(({ messageId }) => messageId === event.data.messageId);
  return answer !== undefined && formatStart(answer.start) === formatStart(start);
}

/**
 * Runs from the resolution until the customer confirms the fix or the case is reopened. An inquiry of the customer ends the
 * clock, and the answer to the inquiry starts it again. If that answer was a message that failed, the clock restarts, unless
 * the reply is owed again. The breach closes the case.
 */
export const confirmation: KindRules = {
  ends: ({ start }, change) => {
    const { event, after } = change;
    const isMet = event.type === "case.confirmed" || isInquiry(event) || isAnswer(event);
    const isOwedAgain = event.type === "message.failed" && after.unanswered === true;
    return after.status !== "resolved" || isMet || isOwedAgain || isFailureOf(start, change);
  },
  starts: (change, rule) => {
    const { event, before, after } = change;
    const wasFailed =
      before?.clocks.some(({ name, start }) => name === rule.name && isFailureOf(start, change)) === true;
    const restarts = (event.type === "case.moved" || wasFailed) && after.unanswered !== true;
    const begins = event.type === "case.resolved" || isAnswer(event) || restarts;
    return begins && after.status === "resolved" ? startClock(change, rule, { charged: after.carrier }) : undefined;
  },
  hours: "line",
  target: "line",
  implied: { target: "P3D" },
  pausedWhile: "never",
  merge: "leave",
  breach: { does: "close" },
};
