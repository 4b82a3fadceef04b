import { isUnsolved } from "../../case/status.ts";
import { type KindRules, startClock } from "../change.ts";
import { type CaseClocks, count, stopCounting } from "../clock.ts";
import { isHeldAnew, isPersonOf } from "../person.ts";

function isHoldersTurn(state: CaseClocks): boolean {
  return isUnsolved(state.status) && state.status !== "pending";
}

/**
 * Runs while it is the holder's turn, anew with each sign of life of the holder's people. Where automation says that the case
 * waits it only rests, and goes on from there: a program that flips the status would silence it for ever otherwise.
 */
export const stallIdle: KindRules = {
  ends: (clock, { event, before, after }) =>
    !isUnsolved(after.status) ||
    (!isHoldersTurn(after) && !event.data.actor.automated) ||
    // What happened before the clock began and is read after it is no sign of life since.
    (isPersonOf(clock.charged, event) && event.time >= clock.startedAt) ||
    isHeldAnew(event, before, after),
  keeps: (clock, { event, after }) =>
    isHoldersTurn(after) ? count(clock, event.time) : stopCounting(clock, event.time),
  starts: (change, rule) => (isHoldersTurn(change.after) ? startClock(change, rule) : undefined),
};
