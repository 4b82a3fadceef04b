import { isPersonOf, sideOf } from "../../case/act.ts";
import { isUnsolved } from "../../case/status.ts";
import { type ClockInput, type KindRules, startClock } from "../change.ts";
import type { CaseClocks } from "../clock.ts";
import { countFrom, stopCounting } from "../counting.ts";
import { isTakenOver } from "../apply-event.ts";

function isHoldersTurn(state: CaseClocks): boolean {
  return isUnsolved(state.status) && state.status !== "pending";
}

/** A person says in which status the case is. */
function isSetByPerson(event: ClockInput): boolean {
  return (event.type === "case.status-changed" || event.type === "case.recorded") && sideOf(event) === "person";
}

/**
 * Runs while it is the holder's turn, and starts again with each act of the holder's own people: the customer's acts and programs
 * leave it alone. Where a program says that the case waits the clock only rests, and goes on from there: a program that flips the
 * status would silence it for ever otherwise.
 */
export const stallIdle: KindRules = {
  ends: (clock, { event, before, after }) =>
    !isUnsolved(after.status) ||
    (!isHoldersTurn(after) && isSetByPerson(event)) ||
    // What happened before the clock began and is read after it is no sign of life since.
    (isPersonOf(clock.charged, event) && event.time >= clock.startedAt) ||
    isTakenOver(event, before, after),
  keeps: (clock, { event, after }) =>
    isHoldersTurn(after) ? countFrom(clock, event.time) : stopCounting(clock, event.time),
  starts: (change, rule) => (isHoldersTurn(change.after) ? startClock(change, rule) : undefined),
  wouldPause: (_, { event, after }) => event.type === "case.status-changed" && after.status === "pending",
  recurs: true,
  hours: "line",
  target: "line",
  implied: { target: { critical: "PT30M", else: "PT2H" } },
  pausedWhile: [],
  whenMovedBreached: "end",
  merge: "earlier",
  breach: { does: "cross" },
};
