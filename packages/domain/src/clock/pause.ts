import type { Pause } from "@crossline/contracts";
import type { Line } from "../line/line.ts";
import type { Change, KindRules } from "./change.ts";
import { type CaseClocks, type Clock, count, stopCounting } from "./clock.ts";

/** Lets a clock rest while something holds that its line names, and go on when nothing of it does any more. */
export function pause(clock: Clock, { event, after, line }: Change, kind: KindRules): Clock {
  const rule = line.pausing.find(({ name }) => name === clock.name);
  if (rule?.pausedWhile === undefined) return clock;
  if (rule.pausedWhile.some((condition) => holds(condition, after))) return stopCounting(clock, event.time);
  // What its kind counts is counted already; a clock that counts always goes on here.
  return kind.keeps === undefined ? count(clock, event.time) : clock;
}

/** A clock that starts while it has to rest: nothing is counted yet. */
export function startPaused(clock: Clock, { after, line }: Change): Clock {
  const rule = line.pausing.find(({ name }) => name === clock.name);
  const isPaused = rule?.pausedWhile?.some((condition) => holds(condition, after)) ?? false;
  return isPaused ? { ...clock, counted: [] } : clock;
}

/** Whether a line has clocks that rest. */
export function hasPauses({ pausing }: Line): boolean {
  return pausing.length > 0;
}

function holds(condition: Pause, { status, waiting, handoff }: CaseClocks): boolean {
  switch (condition) {
    case "customer":
    case "vendor":
    case "carrier":
      return status === "pending" && waiting?.on === condition;
    case "held":
      return status === "held";
    case "offered":
      return handoff?.accepted === false;
    case "accepted":
      return handoff?.accepted === true;
  }
}
