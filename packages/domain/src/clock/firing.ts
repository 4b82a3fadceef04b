import { type ClockEvent, type Instant, derivedId, formatInstant, timelineKind } from "@crossline/contracts";
import type { Decision } from "../decision.ts";
import type { CaseClocks, Clock, Handling } from "./clock.ts";
import { formatStart } from "./start.ts";
import { appendClockEvent } from "./append-event.ts";

/** Returns the firing id: a hash of case, clock, incarnation and threshold. A firing has the same id in every delivery. */
export function firingId(caseId: string, { name, start }: Pick<Clock, "name" | "start">, threshold: number): string {
  return derivedId("fir", caseId, name, formatStart(start), threshold);
}

/**
 * Fires the next threshold of a clock. The time of the firing is the deadline of the threshold. On the wall timeline, the time
 * is `now` if `now` is after the deadline.
 */
export function fire(state: CaseClocks, clock: Clock, dueAt: Instant, now: Instant) {
  const threshold = clock.thresholds[clock.fired.length] ?? 100;
  const firedAt = happensAt(state, dueAt, now);
  const { name, kind, start, charged, startedAt } = clock;
  return appendClockEvent(state, firedAt, threshold === 100 ? "clock.breached" : "clock.warned", {
    firingId: firingId(state.caseId, clock, threshold),
    clock: name,
    kind,
    incarnation: formatStart(start),
    threshold,
    charged,
    startedAt: formatInstant(startedAt),
    dueAt: formatInstant(dueAt),
    firedAt: formatInstant(firedAt),
    ...(timelineKind(state.timeline) === "wall" && { latenessMs: firedAt - dueAt }),
  });
}

/** Publishes that a live handling had no heartbeat until its horizon. The event is published once per silence. */
export function reportSilence(state: CaseClocks, handling: Handling, now: Instant): Decision<CaseClocks, ClockEvent> {
  const { id: handlingId, party, channel, liveUntil } = handling;
  const data = { handlingId, party, channel, silentSince: formatInstant(liveUntil) };
  const silenced = appendClockEvent(state, happensAt(state, liveUntil, now), "handling.silent", data);
  const handlings = state.handlings.map((one) => (one === handling ? { ...one, silent: true as const } : one));
  return { state: { ...silenced.state, handlings }, messages: [silenced.message] };
}

function happensAt({ timeline }: CaseClocks, dueAt: Instant, now: Instant): Instant {
  return timelineKind(timeline) === "wall" ? Math.max(now, dueAt) : dueAt;
}
