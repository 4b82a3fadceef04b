import { isPersonOf, sideOf } from "../../case/act.ts";
import { isUnsolved } from "../../case/status.ts";
import { type ClockInput, type KindRules, startClock } from "../change.ts";
import type { CaseClocks } from "../clock.ts";
import { countFrom, stopCounting } from "../counting.ts";
import { isTakenOver } from "../apply-event.ts";
import { joinsIncident } from "../member.ts";

function isHoldersTurn(state: CaseClocks): boolean {
  return isUnsolved(state.status) && state.status !== "pending";
}

/** Returns true if a person set the status. */
function isSetByPerson(event: ClockInput): boolean {
  return (event.type === "case.status-changed" || event.type === "case.recorded") && sideOf(event) === "person";
}

/**
 * Runs while the holder must act, and restarts with each act of the holder's people. Acts of the customer and of programs do
 * not restart the clock. If a program sets the case to pending, the clock pauses and later resumes. If the clock restarted, a
 * program could prevent every breach by a frequent change of the status. The clock ends when the case joins an incident, and starts
 * after the case left it.
 */
export const stallIdle: KindRules = {
  ends: (clock, { event, before, after }) =>
    !isUnsolved(after.status) ||
    (!isHoldersTurn(after) && isSetByPerson(event)) ||
    // An event that is older than the clock's start does not count as a sign of life, even if the timer reads the event later.
    (isPersonOf(clock.charged, event) && event.time >= clock.startedAt) ||
    joinsIncident({ event, after }) ||
    isTakenOver(event, before, after),
  keeps: (clock, { event, after }) =>
    isHoldersTurn(after) ? countFrom(clock, event.time) : stopCounting(clock, event.time),
  starts: (change, rule) => (isHoldersTurn(change.after) ? startClock(change, rule) : undefined),
  wouldPause: (_, { event, after }) => event.type === "case.status-changed" && after.status === "pending",
  restsForMember: true,
  recurs: true,
  hours: "line",
  target: "line",
  implied: { target: { critical: "PT30M", else: "PT2H" } },
  pausedWhile: [],
  whenMovedBreached: "end",
  merge: "earlier",
  breach: { does: "cross" },
};
