import { isUnsolved } from "../../case/status.ts";
import { type KindRules, startClock } from "../change.ts";
import type { CaseClocks } from "../clock.ts";
import { isHeldAnew, isPersonOf } from "../person.ts";

function isHoldersTurn(state: CaseClocks): boolean {
  return isUnsolved(state.status) && state.status !== "pending";
}

/** Runs while it is the holder's turn, anew with each sign of life of the holder's people. */
export const stallIdle: KindRules = {
  ends: (clock, { event, before, after }) =>
    !isHoldersTurn(after) || isPersonOf(clock.charged, event) || isHeldAnew(event, before, after),
  starts: (change, rule) => (isHoldersTurn(change.after) ? startClock(change, rule) : undefined),
};
