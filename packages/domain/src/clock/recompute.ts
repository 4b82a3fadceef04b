import { type ClockEvent, type DurationMs, type EventOf, type Instant, timelineKind } from "@crossline/contracts";
import type { ClockRule, Line } from "../line/line.ts";
import { type ClockChange, startOf } from "./change.ts";
import type { CaseClocks, Clock } from "./clock.ts";
import { isBreached } from "./counting.ts";
import { type Deadline, deadlineOf } from "./due.ts";
import { endClock } from "./elapse.ts";
import { kindRules } from "./kinds/all.ts";
import { keepEarliest, startCarried } from "./merge.ts";
import { formatStart } from "./start.ts";
import { appendClockEvent } from "./append-event.ts";

type Recomputation = { readonly state: CaseClocks; readonly messages: readonly ClockEvent[] };

/** The event types that change deadlines, each with the cause that `clock.recomputed` names. */
const causes = {
  "case.severity-changed": "severity",
  "case.moved": "line",
  "case.merged": "merge",
  "case.corrected": "correction",
} as const;

/** Returns true if the event changes deadlines of running clocks. */
export function isRecomputing({ event }: Pick<ClockChange, "event">): boolean {
  return event.type in causes;
}

/**
 * Recomputes the deadlines of running clocks after a change of severity, line or need-by, or after a merge. Counted time,
 * pauses and firings do not change. A threshold that has not fired is due no earlier than the event. `before` and `line` are
 * the lines before and after the event.
 */
export function recompute(change: ClockChange, before: Line, line: Line, now: Instant): Recomputation {
  const { event, after } = change;
  const cause = causes[event.type as keyof typeof causes];
  const at = timelineKind(event.timeline) === "wall" ? Math.max(now, event.time) : event.time;
  let state: CaseClocks = { ...after, clocks: [] };
  const messages: ClockEvent[] = [];
  for (const clock of after.clocks) {
    const changed = recomputeClock(clock, change, line);
    if (changed === undefined) {
      state = endClock(state, clock, event.time);
      continue;
    }
    state = { ...state, clocks: [...state.clocks, changed] };
    const [old, new_] = [deadlineAhead(clock, before), deadlineAhead(changed, line)];
    if (old.targetMs === new_.targetMs && old.dueAt === new_.dueAt) continue;
    const { name, kind, start } = changed;
    const data = { clock: name, kind, incarnation: formatStart(start), cause, old, new: new_ };
    const appended = appendClockEvent(state, at, "clock.recomputed", data);
    messages.push(appended.message);
    state = appended.state;
  }
  if (event.type !== "case.merged") return { state, messages };
  return { state: { ...state, clocks: [...state.clocks, ...startCarried({ ...change, event })] }, messages };
}

/** Returns a clock after the event; undefined if the event ends the clock. */
function recomputeClock(clock: Clock, change: ClockChange, line: Line): Clock | undefined {
  const { event, after } = change;
  switch (event.type) {
    case "case.moved":
      return underOtherLine(clock, line, change);
    case "case.severity-changed":
      return withSeverityTarget(clock, line, event);
    case "case.merged":
      return keepEarliest(withEarlierPlan(clock, after, line, event.time), { ...change, event });
    case "case.corrected":
      return event.data.needBy === undefined ? clock : withPlannedTarget(clock, after, line, event.time);
    default:
      return clock;
  }
}

function deadlineAhead(clock: Clock, line: Line): Deadline {
  return isBreached(clock) ? { targetMs: clock.targetMs } : deadlineOf(clock, line);
}

/** Returns the clock with the target of the new severity. The function does not change a clock's own target. */
function withSeverityTarget(clock: Clock, line: Line, { data, time }: EventOf<"case.severity-changed">): Clock {
  const rule = ruleOf(clock, line);
  if (rule === undefined || hasOwnTarget(clock, rule)) return clock;
  const targetMs = rule.target[data.to];
  return targetMs === clock.targetMs ? clock : { ...clock, targetMs, notBefore: time };
}

/** Recomputes the target after a change of the need-by. */
function withPlannedTarget(clock: Clock, after: CaseClocks, line: Line, at: Instant): Clock {
  if (isBreached(clock)) return clock;
  const targetMs = kindRules[clock.kind].plans?.(after, line, clock) ?? clock.targetMs;
  return targetMs === clock.targetMs ? clock : { ...clock, targetMs, notBefore: at };
}

/**
 * Recomputes the target after a merge, but only if the deadline becomes earlier. A later deadline would remove the effect of an
 * earlier merge.
 */
function withEarlierPlan(clock: Clock, after: CaseClocks, line: Line, at: Instant): Clock {
  const other = withPlannedTarget(clock, after, line, at);
  return other.targetMs < clock.targetMs ? other : clock;
}

/** Returns the clock under the new line; undefined if the clock ends because the new line has no such clock. */
function underOtherLine(clock: Clock, line: Line, { event, after }: ClockChange): Clock | undefined {
  const kind = kindRules[clock.kind];
  if (kind.isNeverNamed === true) return clock;
  const rule = ruleOf(clock, line);
  // The clock of a promise continues even under a line without a clock for promises.
  if (rule === undefined) return kind.outlivesLine === true ? clock : undefined;
  const at = event.time;
  // Under an observing line, a recurring clock that has breached does not recur. A move to a crossing line ends or restarts the
  // breached clock.
  if (isBreached(clock) && !line.observe && kind.whenMovedBreached !== undefined) {
    if (kind.whenMovedBreached === "end") return undefined;
    const { thresholds } = rule;
    const { overtaken: _, ...same } = clock;
    const targetMs = targetUnder(clock, rule, line, after);
    return { ...same, targetMs, thresholds, start: startOf(event), startedAt: at, counted: [{ from: at }], fired: [] };
  }
  const fired = clock.thresholds.slice(0, clock.fired.length);
  const last = fired.at(-1) ?? 0;
  const thresholds = [...fired, ...rule.thresholds.filter((percent) => percent > last)];
  return { ...clock, targetMs: targetUnder(clock, rule, line, after), thresholds, notBefore: at };
}

function targetUnder(clock: Clock, rule: ClockRule, line: Line, after: CaseClocks): DurationMs {
  const { plans, hasLiveTarget } = kindRules[clock.kind];
  if (plans !== undefined) return plans(after, line, clock) ?? clock.targetMs;
  if (!hasOwnTarget(clock, rule)) return rule.target[after.severity];
  return (hasLiveTarget === true ? rule.target.live : undefined) ?? clock.targetMs;
}

/**
 * Returns the rule of a line for a clock. The name of a promise's clock contains the id of the promise, so the function finds
 * the rule by the kind of the clock.
 */
function ruleOf({ name, kind }: Clock, { clocks }: Line): ClockRule | undefined {
  const isOfKind = kindRules[kind].outlivesLine === true;
  return clocks.find((rule) => rule.kind === kind && (rule.name === name || isOfKind));
}

function hasOwnTarget({ kind, own }: Clock, { target }: ClockRule): boolean {
  const rules = kindRules[kind];
  if (rules.target === "own") return true;
  return own === true && (rules.hasLiveTarget !== true || target.live !== undefined);
}
