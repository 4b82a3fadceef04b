import {
  type EventData,
  type EventContent,
  type Instant,
  type QueueEvent,
  formatInstant,
  queueTopic,
  timelineKind,
} from "@crossline/contracts";
import { eventOf } from "../envelope.ts";
import { briefAt } from "./brief.ts";
import type { CaseCrossing, CrossingDecision } from "./case-crossing.ts";
import type { CrossingDeps } from "./deps.ts";
import type { Handoff } from "./handoff.ts";
import { phaseAt } from "./phase.ts";
import { openHandoffOf } from "./waits.ts";

/** Appends a record of the vendor's queue topic to a decision. */
export function appendQueueEvent(
  { state, messages }: CrossingDecision,
  vendor: string,
  at: Instant,
  { type, data }: EventContent<QueueEvent["type"]>,
): CrossingDecision {
  const topic = queueTopic(vendor, timelineKind(state.timeline) === "wall" ? "wall" : "stepped");
  const { caseId: key, timeline } = state;
  const sequence = (state.queueSequences[topic] ?? 0) + 1;
  const message = eventOf(type, data, { topic, key, sequence, time: at, timeline });
  return {
    state: { ...state, queueSequences: { ...state.queueSequences, [topic]: sequence } },
    messages: [...messages, message],
  };
}

/** Publishes to the vendor's desks that an offer has ended. */
export function endQueued(
  decision: CrossingDecision,
  { id: handoffId, vendor, queue }: Handoff,
  at: Instant,
  reason: EventData<"queue.ended">["reason"],
): CrossingDecision {
  return appendQueueEvent(decision, vendor, at, { type: "queue.ended", data: { handoffId, queue, reason } });
}

/** Returns the fields of an offer that the desk reads: the brief as of now, and the instant at which the offer lapses. */
export function briefForDesk(
  state: CaseCrossing,
  { acceptBy, vendor }: Handoff,
  { knownErrors }: Pick<CrossingDeps, "knownErrors">,
  at: Instant,
) {
  const { symptom, device } = state.material;
  return {
    ...(acceptBy !== undefined && { acceptBy: formatInstant(acceptBy) }),
    brief: briefAt(state, at, knownErrors(vendor, symptom, device?.model)),
  };
}

/**
 * Publishes a change of an offer to the vendor's desk before the acceptance. A change is the reply to an information request, a
 * new version of the brief, or a new `acceptBy`. If nothing changed, nothing is published.
 */
export function updateDesk(
  before: CaseCrossing,
  decision: CrossingDecision,
  deps: Pick<CrossingDeps, "knownErrors">,
  at: Instant,
): CrossingDecision {
  const { material } = decision.state;
  const open = openHandoffOf(decision.state);
  const openBefore = openHandoffOf(before);
  if (open === undefined || open.id !== openBefore?.id || open.phase === "accepted") return decision;
  const answer = decision.messages.find((message) => message.type === "handoff.info-provided");
  const changes = material.changes.filter(({ version }) => version > before.material.version).map(({ what }) => what);
  if (answer === undefined && changes.length === 0 && open.acceptBy === openBefore.acceptBy) return decision;
  return appendQueueEvent(decision, open.vendor, at, {
    type: "queue.updated",
    data: {
      handoffId: open.id,
      queue: open.queue,
      phase: phaseAt(open, at),
      changes,
      ...(answer !== undefined && { information: informationOf(answer.data) }),
      ...briefForDesk(decision.state, open, deps, at),
    },
  });
}

function informationOf({ answer, items, bestEffort }: EventData<"handoff.info-provided">) {
  return { ...(answer !== undefined && { answer }), ...(items !== undefined && { items }), bestEffort };
}
