import {
  isSignOfLife,
  isHoldingRestarted,
  isOneOf,
  hasLeftHolder,
  isByPerson,
  isProgress,
  isSolved,
  liveUntil,
} from "./case-change.ts";
import type { KindRules } from "./kind-rules.ts";

const handlingTime: Pick<KindRules, "starts" | "counts"> = {
  starts: (change) => {
    if (change.after.crossed || isSolved(change.after.status)) return false;
    const until = liveUntil(change, change.after.holder);
    return until !== false && { until };
  },
  counts: (change, { charged }) => liveUntil(change, charged),
};

export const stallBusy: KindRules = {
  ends: (change, { charged }) => isProgress(change, charged) || hasLeftHolder(change, charged),
  ...handlingTime,
};

export const handlingLimit: KindRules = {
  ends: (change, { charged }) => hasLeftHolder(change, charged),
  ...handlingTime,
};

export const stallIdle: KindRules = {
  ends: (change, { charged, began }) =>
    isSolved(change.after.status) ||
    (change.after.status === "pending" &&
      isByPerson(change) &&
      isOneOf(change, "case.status-changed", "case.recorded")) ||
    (isSignOfLife(change, charged) && change.event.time >= began) ||
    isHoldingRestarted(change),
  starts: ({ after: { status } }) => !isSolved(status) && status !== "pending" && {},
  counts: ({ after }) => after.status !== "pending",
};
