import { type EventOf, type Instant, formatInstant, timelineKind, topics } from "@crossline/contracts";
import { type Line, calendarOf } from "../line/line.ts";
import type { Change } from "./change.ts";
import { type CaseClocks, type Clock, thresholdDue } from "./clock.ts";
import { decidedOn } from "./firing.ts";

type Recomputed = { readonly state: CaseClocks; readonly messages: EventOf<"clock.recomputed">[] };

/**
 * Computes the deadlines of running clocks anew where the event changed the severity or the line. What was counted, and
 * every pause, stays; what has fired stays fired; what has not is due no earlier than now. `line` is the one after the event.
 */
export function recompute({ event, after }: Change, before: Line, line: Line, now: Instant): Recomputed {
  if (event.type !== "case.severity-changed" && event.type !== "case.moved") return { state: after, messages: [] };
  const cause = event.type === "case.moved" ? "line" : "severity";
  const recomputed = (clock: Clock): Clock | undefined =>
    event.type === "case.moved" ? underLine(clock, line, after, event.time) : bySeverity(clock, line, event);
  const at = timelineKind(event.timeline) === "wall" ? Math.max(now, event.time) : event.time;
  let state: CaseClocks = { ...after, clocks: [] };
  const messages: EventOf<"clock.recomputed">[] = [];
  for (const clock of after.clocks) {
    const anew = recomputed(clock);
    if (anew === undefined) continue; // Its line has no such clock any more.
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
  return { state, messages };
}

function breachOf(clock: Clock, line: Line): { readonly targetMs: number; readonly dueAt?: string } {
  const due =
    clock.fired.length === clock.thresholds.length ? undefined : thresholdDue(clock, calendarOf(line, clock), 100);
  return { targetMs: clock.targetMs, ...(due !== undefined && { dueAt: formatInstant(due) }) };
}

/** A target that was the severity's becomes that of the other severity; one of its own (live, a step's, a plan's) stays. */
function bySeverity(clock: Clock, line: Line, { data, time }: EventOf<"case.severity-changed">): Clock {
  const rule = line.clocks.find(({ name, kind }) => name === clock.name && kind === clock.kind);
  if (rule === undefined || rule.kind === "need-by" || rule.kind === "promise") return clock;
  if (clock.ownTarget || rule.target[data.from] !== clock.targetMs) return clock;
  const targetMs = rule.target[data.to];
  return targetMs === clock.targetMs ? clock : { ...clock, targetMs, notBefore: time };
}

function underLine(clock: Clock, line: Line, { severity }: CaseClocks, at: Instant): Clock | undefined {
  if (clock.kind === "last-resort" || clock.name.startsWith("promise/")) return clock;
  const rule = line.clocks.find(({ name, kind }) => name === clock.name && kind === clock.kind);
  if (rule === undefined) return undefined;
  const fired = clock.thresholds.slice(0, clock.fired.length);
  const last = fired.at(-1) ?? 0;
  const thresholds = [...fired, ...rule.thresholds.filter((percent) => percent > last)];
  // A need-by's target is its plan's: that clock is started anew by its kind where the plan is another.
  const targetMs = clock.kind === "need-by" ? clock.targetMs : rule.target[severity];
  const { ownTarget: _, ...rest } = clock;
  return { ...rest, targetMs, thresholds, notBefore: at };
}
