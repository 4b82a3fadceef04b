import type { ClockEvent, Instant } from "@crossline/contracts";
import { allHours } from "../calendar/calendar.ts";
import type { Decision } from "../decision.ts";
import type { ClockRule, Line } from "../line/line.ts";
import type { Change, ClockInput } from "./change.ts";
import type { CaseClocks, Clock } from "./clock.ts";
import { breachDue } from "./counting.ts";
import { elapse, end } from "./elapse.ts";
import { follow, openedFacts } from "./facts.ts";
import { kindRules } from "./kinds/all.ts";
import { overtaken } from "./overtaken.ts";
import { isRecomputing, recompute } from "./recompute.ts";
import { goOn, startResting } from "./rest.ts";

const lastResortRule: ClockRule = {
  name: "last-resort",
  kind: "last-resort",
  target: { critical: 60_000, major: 60_000, minor: 60_000 },
  thresholds: [100],
  calendar: allHours, // It calls at night, too.
};

/**
 * Decides what one event means for the clocks of one case. Pure; the caller stores both results in one transaction.
 * `state` is undefined for the case's first event, which must be `case.opened`. `now` is the wall's present instant.
 * `next` is the line that `case.moved` moves the case to; `line` the one that it had before.
 */
export function decide(
  state: CaseClocks | undefined,
  event: ClockInput,
  line: Line,
  now: Instant,
  next: Line = line,
): Decision<CaseClocks, ClockEvent> {
  if (state === undefined) {
    if (event.type !== "case.opened")
      throw new Error(`the first event of a case must be case.opened, not ${event.type}`);
    return { state: settle({ event, before: undefined, after: openedFacts(event), line }), messages: [] };
  }
  const before = elapse(state, line, event.time, now); // What was due before this event comes first.
  const change: Change = { event, before: before.state, after: follow(before.state, event, line), line };
  const late = overtaken(change, now);
  if (!isRecomputing(change)) {
    return { state: settle({ ...change, after: late.state }), messages: join(before.messages, late.messages) };
  }
  const recomputed = recompute({ ...change, after: late.state }, line, next, now);
  return {
    state: settle({ ...change, after: recomputed.state, line: next }),
    messages: [...before.messages, ...late.messages, ...recomputed.messages],
  };
}

function join(first: readonly ClockEvent[], second: readonly ClockEvent[]): readonly ClockEvent[] {
  return second.length === 0 ? first : [...first, ...second];
}

function isOvertaken(clock: Clock, { time }: ClockInput): boolean {
  return clock.overtaken === true || breachDue(clock) >= time;
}

/** Ends, keeps and starts clocks by the rules of their kinds. */
function settle(change: Change): CaseClocks {
  const { event, line } = change;
  let state = change.after;
  const running: Clock[] = [];
  for (const clock of state.clocks) {
    const kind = kindRules[clock.kind];
    if (kind.ends(clock, change)) state = end(state, clock, event.time, isOvertaken(clock, event));
    else running.push(goOn(clock, change, kind));
  }
  for (const rule of event.type === "last-resort.called" ? [...line.clocks, lastResortRule] : line.clocks) {
    if (running.some((clock) => clock.name === rule.name)) continue;
    const kind = kindRules[rule.kind];
    const started = kind.starts(change, rule);
    // Two rules of kind promise would start the same clock.
    if (started === undefined || (started.name !== rule.name && running.some(({ name }) => name === started.name)))
      continue;
    running.push(startResting(started, change, kind));
  }
  return { ...state, clocks: running };
}
