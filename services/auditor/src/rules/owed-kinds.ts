import { type Instant, parseInstant } from "@crossline/contracts";
import { type CaseChange, isEnded, isFinal, isOneOf, isSolved } from "./case-change.ts";
import { type KindRules, upTo } from "./kind-rules.ts";
import { isAnswer, isCustomersContact, isInquiry } from "./acting-side.ts";

const live = ["phone", "chat", "store"];

export const firstResponse: KindRules = {
  ends: ({ event }) => isAnswer(event),
  starts: (change) =>
    isOneOf(change, "case.opened") &&
    !isEnded(change.after.status) &&
    (live.includes(change.event.data.channel) ? { live: true } : {}),
  pausesWhile: "ended",
};

export const nextUpdate: KindRules = {
  ends: ({ event }) => isAnswer(event),
  starts: ({ event, after }) =>
    isCustomersContact(event) && after.answered === true && !isSolved(after.status) && { charged: after.carrier },
  pausesWhile: "ended",
};

export const reply: KindRules = {
  // After a merge, the clock runs on the target case.
  ends: ({ event }) => isAnswer(event) || (event.type === "case.closed" && event.data.reason === "merged"),
  starts: ({ event, before, after }) => {
    if (before === undefined) return false;
    const isOwed =
      (before.status === "resolved" && isInquiry(event)) || (isEnded(before.status) && isCustomersContact(event));
    return isOwed && { charged: after.carrier };
  },
};

export const confirmation: KindRules = {
  ends: (change, { incarnation }) =>
    change.after.status !== "resolved" ||
    isOneOf(change, "case.confirmed") ||
    (change.failed !== undefined && (change.after.asked === true || change.failed.incarnation === incarnation)) ||
    isAnswer(change.event) ||
    (change.before?.status === "resolved" && isInquiry(change.event)),
  starts: (change) => {
    const { event, after } = change;
    if (after.status !== "resolved") return false;
    const restarts = (isOneOf(change, "case.moved") || change.failed?.hasConfirmation === true) && after.asked !== true;
    return (isOneOf(change, "case.resolved") || restarts || isAnswer(event)) && { charged: after.carrier };
  },
};

export const joint: KindRules = {
  ends: (change) => isOneOf(change, "joint.session-held"),
  starts: (change) =>
    isOneOf(change, "joint.declared") && !isFinal(change.after) && { charged: change.event.data.accountable },
  pausesWhile: "solved",
};

export const resolution: KindRules = {
  ends: (change) => isOneOf(change, "case.confirmed"),
  starts: (change) =>
    isOneOf(change, "case.opened", "case.reopened", "case.moved") &&
    !isSolved(change.after.status) && { charged: change.after.carrier },
  pausesWhile: "solved",
};

/** Returns the latest safe crossing, if the case has a need-by and the line has a plan for it. */
export function latestSafeOf({ after, line }: CaseChange): Instant | undefined {
  return after.needBy === undefined ? undefined : line.latestSafe?.(after.needBy);
}

export const needBy: KindRules = {
  ends: ({ after }) => after.needByMet === true || after.needBy === undefined,
  starts: (change) => {
    const latest = latestSafeOf(change);
    const isStart =
      isOneOf(change, "case.opened", "case.moved", "case.merged") ||
      (isOneOf(change, "case.corrected") && change.event.data.needBy !== undefined);
    if (latest === undefined || !isStart || change.after.needByMet === true || isEnded(change.after.status))
      return false;
    return { charged: change.after.carrier, ...upTo(change, latest) };
  },
  pausesWhile: "solved",
  isWindow: true,
};

export const promise: KindRules = {
  ends: (change, { name }) =>
    isOneOf(change, "promise.delivered", "promise.withdrawn") && name === `promise/${change.event.data.promiseId}`,
  starts: (change) => {
    if (!isOneOf(change, "promise.made") || isEnded(change.after.status)) return false;
    const { promiseId: incarnation, promisor: charged, until } = change.event.data;
    return { name: `promise/${incarnation}`, incarnation, charged, ...upTo(change, parseInstant(until)) };
  },
  pausesWhile: "ended",
  isWindow: true,
};
