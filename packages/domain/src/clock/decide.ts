import type { ClockEvent, Instant } from "@crossline/contracts";
import { allHours } from "../calendar/calendar.ts";
import type { Decision } from "../decision.ts";
import type { ClockRule, Line } from "../line/line.ts";
import type { ClockChange, ClockInput } from "./change.ts";
import type { CaseClocks, Clock } from "./clock.ts";
import { breachDue } from "./counting.ts";
import { elapse, endClock } from "./elapse.ts";
import { applyEvent, openCaseClocks } from "./apply-event.ts";
import { kindRules } from "./kinds/all.ts";
import { reportOvertaken } from "./overtaken.ts";
import { keepAnswers, takeOwedAgain } from "./owed-again.ts";
import { isRecomputing, recompute } from "./recompute.ts";
import { continueClock, pauseAtStart } from "./pause.ts";

const lastResortRule: ClockRule = {
  name: "last-resort",
  kind: "last-resort",
  target: { critical: 60_000, major: 60_000, minor: 60_000 },
  thresholds: [100],
  calendar: allHours, // Routing also calls the last resort at night.
};

/** The lines of a case before and after a move. */
export type LineMove = { readonly from: Line; readonly to: Line };

/**
 * Decides the effect of one event on the clocks of one case. The function is pure. The caller saves state and messages in one
 * transaction. `state` is undefined for the first event of the case, which must be `case.opened`. Any other first event throws
 * an Error. `now` is the present instant of the wall timeline.
 */
export function decide(
  state: CaseClocks | undefined,
  event: ClockInput,
  line: Line,
  now: Instant,
): Decision<CaseClocks, ClockEvent> {
  if (state !== undefined) return decideMove(state, event, { from: line, to: line }, now);
  if (event.type !== "case.opened") throw new Error(`the first event of a case must be case.opened, not ${event.type}`);
  return { state: applyKindRules({ event, before: undefined, after: openCaseClocks(event), line }), messages: [] };
}

/** Decides the effect of an event that can move the case to another line. */
export function decideMove(
  state: CaseClocks,
  event: ClockInput,
  { from, to }: LineMove,
  now: Instant,
): Decision<CaseClocks, ClockEvent> {
  const before = elapse(state, from, event.time, now); // Thresholds that are due before the event fire first.
  const change: ClockChange = { event, before: before.state, after: applyEvent(before.state, event, from), line: from };
  const late = reportOvertaken(change, now);
  if (!isRecomputing(change)) {
    return { state: applyKindRules({ ...change, after: late.state }), messages: join(before.messages, late.messages) };
  }
  const recomputed = recompute({ ...change, after: late.state }, from, to, now);
  return {
    state: applyKindRules({ ...change, after: recomputed.state, line: to }),
    messages: [...before.messages, ...late.messages, ...recomputed.messages],
  };
}

function join(first: readonly ClockEvent[], second: readonly ClockEvent[]): readonly ClockEvent[] {
  return second.length === 0 ? first : [...first, ...second];
}

function isOvertaken(clock: Clock, { time }: ClockInput): boolean {
  return clock.overtaken === true || breachDue(clock) >= time;
}

/** Ends, continues and starts clocks by the rules of their kinds. */
function applyKindRules(given: ClockChange): CaseClocks {
  const owed = takeOwedAgain(given.after, given);
  const change = { ...given, after: owed.state };
  const { event, line } = change;
  let state = owed.state;
  const running: Clock[] = [];
  const met: Clock[] = [];
  for (const clock of state.clocks) {
    const kind = kindRules[clock.kind];
    if (kind.ends(clock, change)) {
      state = endClock(state, clock, event.time, isOvertaken(clock, event));
      met.push(clock);
    } else running.push(continueClock(clock, change, kind));
  }
  for (const clock of owed.clocks) {
    if (running.every(({ name }) => name !== clock.name))
      running.push(continueClock(clock, change, kindRules[clock.kind]));
  }
  for (const rule of event.type === "last-resort.called" ? [...line.clocks, lastResortRule] : line.clocks) {
    if (running.some((clock) => clock.name === rule.name)) continue;
    const kind = kindRules[rule.kind];
    if (kind.restsForMember === true && state.member !== undefined) continue;
    const started = kind.starts(change, rule);
    // In a line with two rules of the kind `promise`, both rules would start the same clock.
    if (started === undefined || (started.name !== rule.name && running.some(({ name }) => name === started.name)))
      continue;
    running.push(pauseAtStart(started, change, kind));
  }
  return { ...keepAnswers(state, change, met), clocks: running };
}
