import type { ClockEvent, Instant } from "@crossline/contracts";
import type { Decision } from "../decision.ts";
import type { Line } from "../line/line.ts";
import type { CaseClocks, Clock } from "./clock.ts";
import { cutCounting, isBreached } from "./counting.ts";
import { type DueThreshold, nextDue } from "./due.ts";
import { reportSilence, fire } from "./firing.ts";
import { kindRules } from "./kinds/all.ts";

const endedMax = 10;

/**
 * Fires every threshold and silence that is due before `until`, in the order of the deadlines. Each firing has its own
 * deadline, so that the firings depend only on the history and not on the times at which a process ran. A deadline at exactly
 * `until` does not fire yet.
 *
 * `now` is the present instant of the wall timeline. Other timelines ignore `now`.
 */
export function elapse(state: CaseClocks, line: Line, until: Instant, now: Instant): Decision<CaseClocks, ClockEvent> {
  let current = state;
  const messages: ClockEvent[] = [];
  for (let due = nextDue(current, line); due !== undefined && due.at < until; due = nextDue(current, line)) {
    const passed = "clock" in due ? passThreshold(current, due, line, now) : reportSilence(current, due.handling, now);
    messages.push(...passed.messages);
    current = passed.state;
  }
  return { state: current, messages };
}

/** Fires one threshold. A clock that recurs continues with its next incarnation. */
function passThreshold(
  state: CaseClocks,
  { clock, at: dueAt }: DueThreshold,
  line: Line,
  now: Instant,
): Decision<CaseClocks, ClockEvent> {
  const { state: counted, message } = fire(state, clock, dueAt, now);
  const fired = { ...clock, fired: [...clock.fired, { dueAt, firedAt: message.time }] };
  const position = counted.clocks.indexOf(clock);
  if (!isBreached(fired) || kindRules[clock.kind].recurs !== true || line.observe) {
    return { state: { ...counted, clocks: counted.clocks.with(position, fired) }, messages: [message] };
  }
  const next = startNextIncarnation(clock, line, message.sequence, dueAt);
  return {
    state: endClock({ ...counted, clocks: counted.clocks.with(position, next) }, fired, dueAt),
    messages: [message],
  };
}

/** Returns the incarnation of a recurring clock that starts at the breach. */
function startNextIncarnation(clock: Clock, line: Line, sequence: number, from: Instant): Clock {
  const { notBefore: _, overtaken: __, ...same } = clock;
  return {
    ...same,
    // After a move, the clock's list begins with thresholds that fired under the former line, so the new incarnation takes the
    // present line's thresholds.
    thresholds: line.clocks.find(({ name }) => name === clock.name)?.thresholds ?? clock.thresholds,
    start: { by: "clock", sequence },
    startedAt: from,
    counted: clock.counted.at(-1)?.to === undefined ? [{ from }] : [], // A paused clock stays paused.
    fired: [],
  };
}

/**
 * Ends a clock. A clock that has fired moves to the ended clocks, and any other clock is removed. `overtaken` is true if the
 * event that ends the clock was in time and `clock.overtaken` was published.
 */
export function endClock(
  state: CaseClocks,
  clock: Clock,
  at: Instant,
  overtaken = clock.overtaken ?? false,
): CaseClocks {
  if (clock.fired.length === 0) return state;
  const ended = { ...cutCounting(clock, at), endedAt: at, overtaken };
  return { ...state, ended: [...state.ended.slice(1 - endedMax), ended] };
}
