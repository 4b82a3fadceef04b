import { isUnsolved } from "../../case/status.ts";
import { type Change, type KindRules, startClock } from "../change.ts";
import { type Clock, count, stopCounting } from "../clock.ts";
import { liveUntil } from "../facts.ts";
import { isCrossing, isProgressOf } from "../person.ts";

/**
 * Both clocks count the minutes that a person of the holder spends live with the customer, over all handlings; together
 * they count time once. A handling counts until 3 minutes after its last sign of life; a silence beyond that is not
 * made up for by a later one, so that no deadline ever moves into the past.
 */
function keeps(clock: Clock, { event, after }: Change): Clock {
  const until = liveUntil(after, clock.charged, event.time);
  return until === undefined ? stopCounting(clock, event.time) : count(clock, event.time, until);
}

const starts: KindRules["starts"] = (change, rule) => {
  const { event, after } = change;
  if (after.crossed || !isUnsolved(after.status)) return undefined;
  const until = liveUntil(after, after.holder, event.time);
  return until === undefined ? undefined : startClock(change, rule, { counted: [{ from: event.time, to: until }] });
};

function isOver(clock: Clock, { event, after }: Change): boolean {
  return (
    isCrossing(event) ||
    !isUnsolved(after.status) ||
    after.holder !== clock.charged ||
    event.type === "handoff.withdrawn"
  );
}

/** Nobody may keep a customer on the line without progress. */
export const stallBusy: KindRules = {
  ends: (clock, change) => isProgressOf(clock.charged, change.event) || isOver(clock, change),
  keeps,
  starts,
};

/** Nobody may keep a customer on the line for ever, whatever the progress. */
export const handlingLimit: KindRules = { ends: isOver, keeps, starts };
