import {
  isSignOfLife,
  isHoldingRestarted,
  isJoined,
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
  ...handlingTime,
  ends: (change, { charged }) => isProgress(change, charged) || isJoined(change) || hasLeftHolder(change, charged),
  starts: (change, obligation) => change.after.membership === undefined && handlingTime.starts(change, obligation),
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
    isJoined(change) ||
    isHoldingRestarted(change),
  starts: ({ after: { status, membership } }) =>
    !isSolved(status) && status !== "pending" && membership === undefined && {},
  counts: ({ after }) => after.status !== "pending",
};
