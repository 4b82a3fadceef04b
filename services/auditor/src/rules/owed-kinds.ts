import { type Instant, parseInstant } from "@crossline/contracts";
import { type Turn, isEnded, isFinal, isOneOf, isSolved } from "./turn.ts";
import { type Rules, upTo } from "./kind.ts";
import { isAnswer, isCustomersContact, isInquiry } from "./side.ts";

const live = ["phone", "chat", "store"];

export const firstResponse: Rules = {
  ends: ({ happening }) => isAnswer(happening),
  begins: (turn) =>
    isOneOf(turn, "case.opened") &&
    !isEnded(turn.after.status) &&
    (live.includes(turn.happening.data.channel) ? { live: true } : {}),
  restsWhile: "ended",
};

export const nextUpdate: Rules = {
  ends: ({ happening }) => isAnswer(happening),
  begins: ({ happening, after }) =>
    isCustomersContact(happening) && after.answered === true && !isSolved(after.status) && { charged: after.carrier },
  restsWhile: "ended",
};

export const reply: Rules = {
  // Merged into another case it is owed there.
  ends: ({ happening }) =>
    isAnswer(happening) || (happening.type === "case.closed" && happening.data.reason === "merged"),
  begins: ({ happening, before, after }) => {
    if (before === undefined) return false;
    const isOwed =
      (before.status === "resolved" && isInquiry(happening)) ||
      (isEnded(before.status) && isCustomersContact(happening));
    return isOwed && { charged: after.carrier };
  },
};

export const confirmation: Rules = {
  ends: (turn) =>
    turn.after.status !== "resolved" ||
    isOneOf(turn, "case.confirmed") ||
    isAnswer(turn.happening) ||
    (turn.before?.status === "resolved" && isInquiry(turn.happening)),
  begins: (turn) => {
    const { happening, after } = turn;
    if (after.status !== "resolved") return false;
    const isMovedAnswered = isOneOf(turn, "case.moved") && after.asked !== true;
    return (isOneOf(turn, "case.resolved") || isMovedAnswered || isAnswer(happening)) && { charged: after.carrier };
  },
};

export const joint: Rules = {
  ends: (turn) => isOneOf(turn, "joint.session-held"),
  begins: (turn) =>
    isOneOf(turn, "joint.declared") && !isFinal(turn.after) && { charged: turn.happening.data.accountable },
  restsWhile: "solved",
};

export const resolution: Rules = {
  ends: (turn) => isOneOf(turn, "case.confirmed"),
  begins: (turn) =>
    isOneOf(turn, "case.opened", "case.reopened", "case.moved") &&
    !isSolved(turn.after.status) && { charged: turn.after.carrier },
  restsWhile: "solved",
};

/** The latest safe crossing of a case that has a need-by, under a line with a plan. */
export function latestSafeOf({ after, line }: Turn): Instant | undefined {
  return after.needBy === undefined ? undefined : line.latestSafe?.(after.needBy);
}

export const needBy: Rules = {
  ends: ({ after }) => after.needByMet === true || after.needBy === undefined,
  begins: (turn) => {
    const latest = latestSafeOf(turn);
    const begins =
      isOneOf(turn, "case.opened", "case.moved", "case.merged") ||
      (isOneOf(turn, "case.corrected") && turn.happening.data.needBy !== undefined);
    if (latest === undefined || !begins || turn.after.needByMet === true || isEnded(turn.after.status)) return false;
    return { charged: turn.after.carrier, ...upTo(turn, latest) };
  },
  restsWhile: "solved",
  isWindow: true,
};

export const promise: Rules = {
  ends: (turn, { name }) =>
    isOneOf(turn, "promise.delivered", "promise.withdrawn") && name === `promise/${turn.happening.data.promiseId}`,
  begins: (turn) => {
    if (!isOneOf(turn, "promise.made") || isEnded(turn.after.status)) return false;
    const { promiseId: incarnation, promisor: charged, until } = turn.happening.data;
    return { name: `promise/${incarnation}`, incarnation, charged, ...upTo(turn, parseInstant(until)) };
  },
  restsWhile: "ended",
  isWindow: true,
};
