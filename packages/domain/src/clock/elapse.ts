import type { ClockEvent, Instant } from "@crossline/contracts";
import type { Decision } from "../decision.ts";
import { type Line, calendarOf } from "../line/line.ts";
import { type CaseClocks, type Clock, dueAt, isBreached, stopCounting } from "./clock.ts";
import { fire } from "./firing.ts";

const endedMax = 10;

/**
 * Lets every threshold pass that is due before `until`, in order, each with its own due time. So what fires depends on
 * the history alone, not on when a process woke. The due instant itself is still in time.
 *
 * `now` is the wall's present instant; other timelines take no notice of it.
 */
export function elapse(state: CaseClocks, line: Line, until: Instant, now: Instant): Decision<CaseClocks, ClockEvent> {
  let current = state;
  const messages: ClockEvent[] = [];
  for (let next = earliest(current, line); next !== undefined && next.due < until; next = earliest(current, line)) {
    const message = fire(current, next.clock, next.due, now);
    messages.push(message);
    const fired = { ...next.clock, fired: [...next.clock.fired, { dueAt: next.due, firedAt: message.time }] };
    current = replace({ ...current, sequence: message.sequence }, next.clock, fired, line, next.due);
  }
  return { state: current, messages };
}

function earliest(state: CaseClocks, line: Line): { clock: Clock; due: Instant } | undefined {
  let found: { clock: Clock; due: Instant } | undefined;
  for (const clock of state.clocks) {
    const due = dueAt(clock, calendarOf(line, clock));
    if (due !== undefined && (found === undefined || due < found.due)) found = { clock, due };
  }
  return found;
}

function replace(state: CaseClocks, old: Clock, fired: Clock, line: Line, due: Instant): CaseClocks {
  const position = state.clocks.indexOf(old);
  // Where a line crosses, silence that has breached goes on being counted: an open case never runs out of clocks.
  if (fired.kind === "stall.idle" && isBreached(fired) && !line.observe) {
    const anew: Clock = {
      ...old,
      incarnation: `clock/${state.sequence}`,
      startedAt: due,
      counted: [{ from: due }],
      fired: [],
    };
    return end({ ...state, clocks: state.clocks.with(position, anew) }, fired, due);
  }
  return { ...state, clocks: state.clocks.with(position, fired) };
}

/**
 * Puts a clock that no longer runs among the ended ones, where it has fired; else nothing of it is kept. `overtaken`: what
 * ends it was in time, and that has been told.
 */
export function end(state: CaseClocks, clock: Clock, at: Instant, overtaken = false): CaseClocks {
  if (clock.fired.length === 0) return state;
  const ended = { ...stopCounting(clock, at), endedAt: at, overtaken };
  return { ...state, ended: [...state.ended.slice(1 - endedMax), ended] };
}
