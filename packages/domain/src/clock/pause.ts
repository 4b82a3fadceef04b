import type { Pause } from "@crossline/contracts";
import type { Line } from "../line/line.ts";
import { type ClockChange, type KindRules, startOf } from "./change.ts";
import type { CaseClocks, Clock } from "./clock.ts";
import { countFrom, cutCounting, isBreached, stopCounting } from "./counting.ts";

/**
 * Returns a clock after an event that does not end the clock. The clock pauses in the statuses that its kind names, or while a
 * condition of its line holds. When the case leaves such a status, the clock resumes as a new incarnation. A clock without a
 * pause counts by the rule of its kind.
 */
export function continueClock(clock: Clock, change: ClockChange, kind: KindRules): Clock {
  const { event, before, after, line } = change;
  if (isPausedIn(kind, after)) return stopCounting(clock, event.time);
  const resumes = before !== undefined && isPausedIn(kind, before);
  const resumed = resumes ? resumeClock(clock, change, kind) : clock;
  const continued = kind.keeps?.(resumed, change) ?? resumed;
  const pauses = pausesOf(clock, line);
  if (pauses.length === 0) return continued;
  if (pauses.some((pause) => holds(pause, after))) {
    // If the timer reads the event late, a later event has already closed the interval that the resumption opens again. The interval
    // must keep the end that this event gave it.
    const end = clock.counted.at(-1)?.to ?? event.time;
    if (kind.isLive !== true) return stopCounting(continued, Math.max(end, event.time));
    // After a move, the new line can name a condition that already holds.
    const begins = event.type === "case.moved" || beginsPause(clock, change, kind);
    return begins ? cutCounting(continued, event.time) : resumed;
  }
  // If the kind has the function `keeps`, this function has already changed the counting. Otherwise the clock counts from the
  // event.
  return kind.keeps === undefined ? countFrom(continued, event.time) : continued;
}

/**
 * Returns a newly started clock, which is paused if a pause applies. A clock that starts during a pause has counted no time.
 */
export function pauseAtStart(clock: Clock, { after, line }: ClockChange, kind: KindRules): Clock {
  const rests = isPausedIn(kind, after) || pausesOf(clock, line).some((pause) => holds(pause, after));
  return rests ? { ...clock, counted: [] } : clock;
}

/** Returns true if the event pauses a clock that counted before the event. */
export function beginsPause(clock: Clock, { before, after, line }: ClockChange, kind: KindRules): boolean {
  const pauses = pausesOf(clock, line);
  const rests = (state: CaseClocks): boolean => isPausedIn(kind, state) || pauses.some((pause) => holds(pause, state));
  return before !== undefined && !rests(before) && rests(after);
}

/**
 * Resumes a clock as a new incarnation that keeps the counted time and the fired warnings. The breach can fire again, but is
 * due no earlier than the event.
 */
export function resumeClock(clock: Clock, { event }: Pick<ClockChange, "event">, kind: KindRules): Clock {
  const { overtaken: _, ...same } = clock;
  const resumed =
    kind.isInstant === true ? { ...same, counted: [{ from: clock.startedAt }] } : countFrom(same, event.time);
  return {
    ...resumed,
    start: startOf(event),
    fired: isBreached(clock) ? clock.fired.slice(0, -1) : clock.fired,
    notBefore: event.time,
  };
}

function isPausedIn({ pausesIn: rests }: KindRules, { status }: CaseClocks): boolean {
  return rests?.(status) ?? false;
}

const noPauses: readonly Pause[] = [];

function pausesOf({ name }: Clock, { pausing }: Line): readonly Pause[] {
  if (pausing.length === 0) return noPauses;
  return pausing.find((rule) => rule.name === name)?.pausedWhile ?? noPauses;
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
