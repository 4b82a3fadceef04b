import { type ClockEvent, type Instant, formatInstant, timelineKind } from "@crossline/contracts";
import type { Change } from "./change.ts";
import type { CaseClocks, Clock } from "./clock.ts";
import { breachDue } from "./counting.ts";
import { firingId } from "./firing.ts";
import { kindRules } from "./kinds/all.ts";
import { beginsToRest } from "./rest.ts";
import { formatStart } from "./start.ts";
import { appendClockEvent } from "./append-event.ts";

/**
 * On the wall an event can be recorded in time and be read just after its threshold fired. Nothing is unfired: this publishes
 * which firings the event would have prevented, once each. Asked before the event changes the clocks.
 */
export function overtaken(
  change: Change,
  now: Instant,
): { readonly state: CaseClocks; readonly messages: readonly ClockEvent[] } {
  const { event, after } = change;
  if (timelineKind(event.timeline) !== "wall") return { state: after, messages: [] };
  let state = after;
  const messages: ClockEvent[] = [];
  const isLate = (clock: Clock): boolean =>
    clock.overtaken !== true && breachDue(clock) >= event.time && wouldHaveStopped(clock, change);
  const publish = (clock: Clock): void => {
    const reported = report(state, clock, event.time, now);
    messages.push(reported.message);
    state = reported.state;
  };
  for (const [index, clock] of after.clocks.entries()) {
    if (!isLate(clock)) continue;
    publish(clock);
    state = { ...state, clocks: state.clocks.with(index, { ...clock, overtaken: true }) };
  }
  for (const [index, clock] of after.ended.entries()) {
    if (!isLate(clock)) continue;
    publish(clock);
    state = { ...state, ended: state.ended.with(index, { ...clock, overtaken: true }) };
  }
  return { state, messages };
}

function wouldHaveStopped(clock: Clock, change: Change): boolean {
  const kind = kindRules[clock.kind];
  // Also where it only rests: what was counted beyond the event should not have been.
  return kind.ends(clock, change) || beginsToRest(clock, change, kind) || (kind.wouldRest?.(clock, change) ?? false);
}

function report(state: CaseClocks, clock: Clock, happenedAt: Instant, now: Instant) {
  const late = clock.thresholds.filter((_, index) => (clock.fired[index]?.dueAt ?? -Infinity) >= happenedAt);
  return appendClockEvent(state, Math.max(now, happenedAt), "clock.overtaken", {
    clock: clock.name,
    kind: clock.kind,
    incarnation: formatStart(clock.start),
    firingIds: late.map((threshold) => firingId(state.caseId, clock, threshold)),
    dueAt: formatInstant(breachDue(clock)),
    happenedAt: formatInstant(happenedAt),
  });
}
