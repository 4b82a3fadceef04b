import { type EventData, type Instant, formatInstant, queueTopic, timelineKind } from "@crossline/contracts";
import { eventOf } from "../envelope.ts";
import { briefAt } from "./brief.ts";
import type { CaseCrossing, CrossingDecision } from "./case-crossing.ts";
import type { Ground } from "./ground.ts";
import type { Handoff } from "./handoff.ts";
import { phaseAt } from "./phase.ts";
import { openOf } from "./waits.ts";

type QueueType = "queue.offered" | "queue.updated" | "queue.ended";

/** Appends a record to the topic of a hand-off's vendor. */
export function toQueue<T extends QueueType>(
  { state, messages }: CrossingDecision,
  handoff: Handoff,
  at: Instant,
  type: T,
  data: EventData<T>,
): CrossingDecision {
  const topic = queueTopic(handoff.vendor, timelineKind(state.timeline) === "wall" ? "wall" : "stepped");
  const { caseId: key, timeline } = state;
  const sequence = (state.queueSequences[topic] ?? 0) + 1;
  const message = eventOf(type, data, { topic, key, sequence, time: at, timeline });
  return {
    state: { ...state, queueSequences: { ...state.queueSequences, [topic]: sequence } },
    messages: [...messages, message],
  };
}

/** Tells every desk of the vendor that an offer stands no longer. */
export function tellEnded(
  decision: CrossingDecision,
  handoff: Handoff,
  at: Instant,
  reason: EventData<"queue.ended">["reason"],
): CrossingDecision {
  return toQueue(decision, handoff, at, "queue.ended", { handoffId: handoff.id, queue: handoff.queue, reason });
}

/** What is offered, as the desk reads it: the brief as of now, and when the offer lapses. */
export function offered(state: CaseCrossing, { acceptBy, vendor }: Handoff, { knownErrors }: Ground, at: Instant) {
  const { symptom, device } = state.material;
  return {
    ...(acceptBy === undefined ? {} : { acceptBy: formatInstant(acceptBy) }),
    brief: briefAt(state, at, knownErrors(vendor, symptom, device?.model)),
  };
}

/**
 * Tells the vendor's desk what became of an offer that still waits for its answer: the carrier's answer to its question, a new
 * version of the brief, a new `acceptBy`. Routing publishes no update where none of these has changed.
 */
export function updateDesk(
  before: CaseCrossing,
  decision: CrossingDecision,
  ground: Ground,
  at: Instant,
): CrossingDecision {
  const { material } = decision.state;
  const open = openOf(decision.state);
  const was = openOf(before);
  if (open === undefined || open.id !== was?.id || open.phase === "accepted") return decision;
  const told = decision.messages.find((message) => message.type === "handoff.info-provided");
  const changes = material.changes.filter(({ version }) => version > before.material.version).map(({ what }) => what);
  if (told === undefined && changes.length === 0 && open.acceptBy === was.acceptBy) return decision;
  return toQueue(decision, open, at, "queue.updated", {
    handoffId: open.id,
    queue: open.queue,
    phase: phaseAt(open, at),
    changes,
    ...(told !== undefined && { information: informationOf(told.data) }),
    ...offered(decision.state, open, ground, at),
  });
}

function informationOf({ answer, items, bestEffort }: EventData<"handoff.info-provided">) {
  return { ...(answer !== undefined && { answer }), ...(items !== undefined && { items }), bestEffort };
}
