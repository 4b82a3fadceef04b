import { type DurationMs, type EventOf, type Instant, formatInstant, timelineKind, topics } from "@crossline/contracts";
import { type ClockRule, type Line, calendarOf } from "../line/line.ts";
import type { Change } from "./change.ts";
import { type CaseClocks, type Clock, isBreached, thresholdDue } from "./clock.ts";
import { end } from "./elapse.ts";
import { decidedOn } from "./firing.ts";
import { keepEarliest, startCarried } from "./merge.ts";
import { needByTarget } from "./kinds/need-by.ts";

type Recomputed = { readonly state: CaseClocks; readonly messages: EventOf<"clock.recomputed">[] };

/** What is computed anew, by the event that asks for it. */
const causes = { "case.severity-changed": "severity", "case.moved": "line", "case.merged": "merge" } as const;

/** The event asks for deadlines to be computed anew. */
export function isRecomputing({ event }: Pick<Change, "event">): boolean {
  return event.type in causes;
}

/**
 * Computes the deadlines of running clocks anew where the event changed the severity or the line, or merged another case into
 * this one. What was counted, and every pause, stays; what has fired stays fired; what has not is due no earlier than now. `line`
 * is the one after the event.
 */
export function recompute(change: Change, before: Line, line: Line, now: Instant): Recomputed {
  const { event, after } = change;
  const recomputed = (clock: Clock): Clock | undefined => {
    switch (event.type) {
      case "case.moved":
        return underLine(clock, line, after, event.time);
      case "case.severity-changed":
        return bySeverity(clock, line, event);
      case "case.merged":
        return keepEarliest(byNeedBy(clock, line, after, event.time), { ...change, event });
      default:
        return clock;
    }
  };
  const cause = causes[event.type as keyof typeof causes];
  const at = timelineKind(event.timeline) === "wall" ? Math.max(now, event.time) : event.time;
  let state: CaseClocks = { ...after, clocks: [] };
  const messages: EventOf<"clock.recomputed">[] = [];
  for (const clock of after.clocks) {
    const anew = recomputed(clock);
    if (anew === undefined) {
      state = end(state, clock, event.time);
      continue;
    }
    state = { ...state, clocks: [...state.clocks, anew] };
    const [old, new_] = [breachOf(clock, before), breachOf(anew, line)];
    if (old.targetMs === new_.targetMs && old.dueAt === new_.dueAt) continue;
    messages.push({
      topic: topics.clock,
      key: state.caseId,
      sequence: state.sequence + 1,
      type: "clock.recomputed",
      time: at,
      timeline: state.timeline,
      after: decidedOn(state) ?? [],
      data: { clock: clock.name, kind: clock.kind, incarnation: clock.incarnation, cause, old, new: new_ },
    });
    state = { ...state, sequence: state.sequence + 1 };
  }
  if (event.type !== "case.merged") return { state, messages };
  return { state: { ...state, clocks: [...state.clocks, ...startCarried({ ...change, event })] }, messages };
}

function breachOf(clock: Clock, line: Line): { readonly targetMs: number; readonly dueAt?: string } {
  const due = isBreached(clock) ? undefined : thresholdDue(clock, calendarOf(line, clock), 100);
  return { targetMs: clock.targetMs, ...(due !== undefined && { dueAt: formatInstant(due) }) };
}

/** A target that was the severity's becomes that of the other severity; one of its own stays. */
function bySeverity(clock: Clock, line: Line, { data, time }: EventOf<"case.severity-changed">): Clock {
  const rule = ruleOf(clock, line);
  if (rule === undefined || hasOwnTarget(clock, rule)) return clock;
  const targetMs = rule.target[data.to];
  return targetMs === clock.targetMs ? clock : { ...clock, targetMs, notBefore: time };
}

/** The other case was needed earlier. */
function byNeedBy(clock: Clock, line: Line, after: CaseClocks, at: Instant): Clock {
  if (clock.kind !== "need-by" || isBreached(clock)) return clock;
  const targetMs = needByTarget(after, line, clock.startedAt) ?? clock.targetMs;
  return targetMs < clock.targetMs ? { ...clock, targetMs, notBefore: at } : clock;
}

/** Undefined where the line has no such clock, so that this one ends. */
function underLine(clock: Clock, line: Line, after: CaseClocks, at: Instant): Clock | undefined {
  if (clock.kind === "last-resort") return clock;
  const rule = ruleOf(clock, line);
  // What was promised was promised, also under a line that says nothing of promises.
  if (rule === undefined) return clock.kind === "promise" ? clock : undefined;
  // A silence that was only measured has fired for good; where it can cross it is counted anew, as after every breach.
  if (clock.kind === "stall.idle" && isBreached(clock) && !line.observe) return undefined;
  const fired = clock.thresholds.slice(0, clock.fired.length);
  const last = fired.at(-1) ?? 0;
  const thresholds = [...fired, ...rule.thresholds.filter((percent) => percent > last)];
  return { ...clock, targetMs: targetUnder(clock, rule, line, after), thresholds, notBefore: at };
}

function targetUnder(clock: Clock, rule: ClockRule, line: Line, after: CaseClocks): DurationMs {
  if (clock.kind === "need-by") return needByTarget(after, line, clock.startedAt) ?? clock.targetMs;
  if (!hasOwnTarget(clock, rule)) return rule.target[after.severity];
  return (clock.kind === "first-response" ? rule.target.live : undefined) ?? clock.targetMs;
}

/** A promise's clock has the promise's name, and the rule of its kind. */
function ruleOf({ name, kind }: Clock, { clocks }: Line): ClockRule | undefined {
  return clocks.find((rule) => rule.kind === kind && (rule.name === name || kind === "promise"));
}

function hasOwnTarget({ kind, own }: Clock, { target }: ClockRule): boolean {
  if (kind === "promise" || kind === "need-by") return true;
  return own === true && (kind !== "first-response" || target.live !== undefined);
}
