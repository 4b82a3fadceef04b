import { isProgressOf } from "../../case/act.ts";
import { isUnsolved } from "../../case/status.ts";
import { type ClockChange, type KindRules, startClock } from "../change.ts";
import type { Clock } from "../clock.ts";
import { countFrom, cutCounting } from "../counting.ts";
import { isCrossing } from "../apply-event.ts";
import { liveUntil } from "../live-handlings.ts";
import { joinsIncident } from "../member.ts";

/**
 * The common rules of the clocks `stall.busy` and `handling.limit`. The clocks count the minutes in which a person of the
 * holder is live with the customer, over all handlings. Simultaneous handlings count once. If a silence is longer than the line
 * allows, the excess does not count, even after a later heartbeat. So no deadline moves into the past.
 */
const handlingTime = {
  keeps: (clock, { event, before, after }) => {
    const until = liveUntil(after, clock.charged, event.time);
    // The horizon becomes earlier when the longer of two handlings ends.
    if (until !== undefined) return cutCounting(countFrom(clock, event.time, until), until);
    const wasLive = before !== undefined && liveUntil(before, clock.charged, event.time) !== undefined;
    return wasLive ? cutCounting(clock, event.time) : clock;
  },
  starts: (change, rule) => {
    const { event, after } = change;
    if (after.crossed || !isUnsolved(after.status)) return undefined;
    const until = liveUntil(after, after.holder, event.time);
    return until === undefined ? undefined : startClock(change, rule, { counted: [{ from: event.time, to: until }] });
  },
  isLive: true,
  wouldPause: (clock, { event }) => event.type === "handling.ended" && cutCounting(clock, event.time) !== clock,
  hours: "line",
  target: "line",
  pausedWhile: [],
  merge: "live",
  breach: { does: "cross" },
} as const satisfies Omit<KindRules, "ends">;

function isOver(clock: Clock, { event, after }: ClockChange): boolean {
  return (
    isCrossing(event) ||
    !isUnsolved(after.status) ||
    after.holder !== clock.charged ||
    event.type === "handoff.withdrawn"
  );
}

/** Limits how long a person is live with the customer without progress. */
export const stallBusy: KindRules = {
  ...handlingTime,
  ends: (clock, change) => isProgressOf(clock.charged, change.event) || joinsIncident(change) || isOver(clock, change),
  restsForMember: true,
};

/** Limits how long a person is live with the customer, with or without progress. */
export const handlingLimit: KindRules = { ...handlingTime, ends: isOver };
