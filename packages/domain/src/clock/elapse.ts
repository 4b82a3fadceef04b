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
 * Lets everything pass that is due before `until`, in order, each with its own due time. So what fires depends on the history
 * alone, not on when a process woke. The due instant itself is still in time.
 *
 * `now` is the wall's present instant; other timelines take no notice of it.
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

/** One threshold passes. */
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

/** The next incarnation of a clock that recurs: named after the breach, counted from it. */
function startNextIncarnation(clock: Clock, line: Line, sequence: number, from: Instant): Clock {
  const { notBefore: _, overtaken: __, ...same } = clock;
  return {
    ...same,
    // After a move those that had fired under the line before were the first of them.
    thresholds: line.clocks.find(({ name }) => name === clock.name)?.thresholds ?? clock.thresholds,
    start: { by: "clock", sequence },
    startedAt: from,
    counted: clock.counted.at(-1)?.to === undefined ? [{ from }] : [], // A clock that rests goes on resting.
    fired: [],
  };
}

/**
 * Puts a clock that no longer runs among the ended ones, where it has fired; else nothing of it is kept. `overtaken`: what
 * ends it was in time, and that has been published.
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
