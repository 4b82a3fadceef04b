import { type ClockEvent, type EventOf, type Instant, formatInstant, timelineKind, topics } from "@crossline/contracts";
import { calendarOf } from "../line/line.ts";
import type { Change } from "./change.ts";
import { type CaseClocks, type Clock, isBreached, stopCounting, thresholdDue } from "./clock.ts";
import { decidedOn, firingId } from "./firing.ts";
import { kindRules } from "./kinds/all.ts";
import { beginsToRest } from "./pause.ts";

/**
 * On the wall an event can be recorded in time and be read just after its threshold fired. Nothing is unfired: this tells
 * which firings the event would have prevented, once each. Asked before the event changes the clocks.
 */
export function overtaken(
  change: Change,
  now: Instant,
): { readonly state: CaseClocks; readonly messages: ClockEvent[] } {
  const { event, after } = change;
  if (timelineKind(event.timeline) !== "wall") return { state: after, messages: [] };
  let state = after;
  const messages: EventOf<"clock.overtaken">[] = [];
  const isLate = (clock: Clock): boolean => breachDue(clock) >= event.time && wouldHaveStopped(clock, change);
  const tell = (clock: Clock): void => {
    const message = report(state, clock, event.time, now);
    messages.push(message);
    state = { ...state, sequence: message.sequence };
  };
  for (const clock of after.clocks) if (isLate(clock)) tell(clock);
  for (const [index, clock] of after.ended.entries()) {
    if (clock.overtaken || !isLate(clock)) continue;
    tell(clock);
    state = { ...state, ended: state.ended.with(index, { ...clock, overtaken: true }) };
  }
  return { state, messages };
}

/** When the breach of a clock was due that has fired; before all time where none has. */
export function breachDue(clock: Clock): Instant {
  return isBreached(clock) ? (clock.fired.at(-1)?.dueAt ?? -Infinity) : -Infinity;
}

function wouldHaveStopped(clock: Clock, change: Change): boolean {
  const rules = kindRules[clock.kind];
  if (rules.ends(clock, change)) return true;
  // Not an end, but a rest: what was counted beyond the event should not have been.
  if (beginsToRest(clock, change)) return countedToBreach(clock, change);
  const { event, after } = change;
  if (clock.kind === "stall.idle") return event.type === "case.status-changed" && after.status === "pending";
  return (
    (clock.kind === "stall.busy" || clock.kind === "handling.limit") &&
    event.type === "handling.ended" &&
    stopCounting(clock, event.time) !== clock
  );
}

/** Once it has been taken back that it counted, what follows takes back no more: an overtaken firing is told once. */
function countedToBreach(clock: Clock, { line }: Change): boolean {
  return thresholdDue(clock, calendarOf(line, clock), 100) === breachDue(clock);
}

function report(state: CaseClocks, clock: Clock, happenedAt: Instant, now: Instant): EventOf<"clock.overtaken"> {
  const late = clock.thresholds.filter((_, index) => (clock.fired[index]?.dueAt ?? -Infinity) >= happenedAt);
  return {
    topic: topics.clock,
    key: state.caseId,
    sequence: state.sequence + 1,
    type: "clock.overtaken",
    time: Math.max(now, happenedAt),
    timeline: state.timeline,
    after: decidedOn(state) ?? [],
    data: {
      clock: clock.name,
      kind: clock.kind,
      incarnation: clock.incarnation,
      firingIds: late.map((threshold) => firingId(state.caseId, clock, threshold)),
      dueAt: formatInstant(breachDue(clock)),
      happenedAt: formatInstant(happenedAt),
    },
  };
}
