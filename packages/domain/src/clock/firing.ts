import { type EventOf, type Instant, derivedId, formatInstant, timelineKind, topics } from "@crossline/contracts";
import type { CaseClocks, Clock } from "./clock.ts";

/** The identity of a firing: (case, clock, incarnation, threshold), hashed. However often it is delivered, it is this one. */
export function firingId(caseId: string, clock: Pick<Clock, "name" | "incarnation">, threshold: number): string {
  return derivedId("fir", caseId, clock.name, clock.incarnation, threshold);
}

/** What the timer had read of a case when it decided: a consumer that has read less waits. */
export function decidedOn(state: CaseClocks): EventOf<"clock.breached">["after"] {
  return [
    { topic: topics.case, key: state.caseId, sequence: state.read.case },
    ...(state.read.handoff > 0 ? [{ topic: topics.handoff, key: state.caseId, sequence: state.read.handoff }] : []),
  ];
}

/** The message that a threshold has passed. It happens at its due instant; on the wall, where that is over, now. */
export function fire(
  state: CaseClocks,
  clock: Clock,
  dueAt: Instant,
  now: Instant,
): EventOf<"clock.warned" | "clock.breached"> {
  const threshold = clock.thresholds[clock.fired.length] ?? 100;
  const onTheWall = timelineKind(state.timeline) === "wall";
  const firedAt = onTheWall ? Math.max(now, dueAt) : dueAt;
  return {
    topic: topics.clock,
    key: state.caseId,
    sequence: state.sequence + 1,
    type: threshold === 100 ? "clock.breached" : "clock.warned",
    time: firedAt,
    timeline: state.timeline,
    after: decidedOn(state) ?? [],
    data: {
      firingId: firingId(state.caseId, clock, threshold),
      clock: clock.name,
      kind: clock.kind,
      incarnation: clock.incarnation,
      threshold,
      charged: clock.charged,
      startedAt: formatInstant(clock.startedAt),
      dueAt: formatInstant(dueAt),
      firedAt: formatInstant(firedAt),
      ...(onTheWall ? { latenessMs: firedAt - dueAt } : {}),
    },
  };
}
