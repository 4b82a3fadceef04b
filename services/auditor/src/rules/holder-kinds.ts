import { isBy, isHoldingRestarted, isOneOf, isOutOfHand, isPersons, isProgress, isSolved, liveUntil } from "./turn.ts";
import type { Rules } from "./kind.ts";

const handlingTime: Pick<Rules, "begins" | "counts"> = {
  begins: (turn) => {
    if (turn.after.crossed || isSolved(turn.after.status)) return false;
    const until = liveUntil(turn, turn.after.holder);
    return until !== false && { until };
  },
  counts: (turn, { charged }) => liveUntil(turn, charged),
};

export const stallBusy: Rules = {
  ends: (turn, { charged }) => isProgress(turn, charged) || isOutOfHand(turn, charged),
  ...handlingTime,
};

export const handlingLimit: Rules = { ends: (turn, { charged }) => isOutOfHand(turn, charged), ...handlingTime };

export const stallIdle: Rules = {
  ends: (turn, { charged, began }) =>
    isSolved(turn.after.status) ||
    (turn.after.status === "pending" && isPersons(turn) && isOneOf(turn, "case.status-changed", "case.recorded")) ||
    (isBy(turn, charged) && turn.happening.time >= began) ||
    isHoldingRestarted(turn),
  begins: ({ after: { status } }) => !isSolved(status) && status !== "pending" && {},
  counts: ({ after }) => after.status !== "pending",
};
