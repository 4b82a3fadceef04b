import { type ClockEvent, type Instant, formatInstant, timelineKind } from "@crossline/contracts";
import type { ClockChange } from "./change.ts";
import type { CaseClocks, Clock } from "./clock.ts";
import { breachDue } from "./counting.ts";
import { firingId } from "./firing.ts";
import { kindRules } from "./kinds/all.ts";
import { beginsPause } from "./pause.ts";
import { formatStart } from "./start.ts";
import { appendClockEvent } from "./append-event.ts";

/**
 * Publishes `clock.overtaken` for the firings that an event would have prevented, once for each firing. On the wall timeline,
 * the timer can read an event after a firing that the event would have prevented. No firing is withdrawn. Call this function
 * before the event changes the clocks.
 */
export function reportOvertaken(
  change: ClockChange,
  now: Instant,
): { readonly state: CaseClocks; readonly messages: readonly ClockEvent[] } {
  const { event, after } = change;
  if (timelineKind(event.timeline) !== "wall") return { state: after, messages: [] };
  let state = after;
  const messages: ClockEvent[] = [];
  const isLate = (clock: Clock): boolean =>
    clock.overtaken !== true && breachDue(clock) >= event.time && wouldHavePrevented(clock, change);
  const publish = (clock: Clock): void => {
    const reported = appendOvertaken(state, clock, event.time, now);
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

function wouldHavePrevented(clock: Clock, change: ClockChange): boolean {
  const kind = kindRules[clock.kind];
  // An event that pauses the clock also prevents the firing, because the clock should not have counted the time after this
  // event.
  return kind.ends(clock, change) || beginsPause(clock, change, kind) || (kind.wouldPause?.(clock, change) ?? false);
}

function appendOvertaken(state: CaseClocks, clock: Clock, happenedAt: Instant, now: Instant) {
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
